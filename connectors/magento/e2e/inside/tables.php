<?php

/** Orders as the shop's own tables have them. */

declare(strict_types=1);

return static function ($om, callable $rows): array {
    return [
        'facts' => static function (array $input) use ($rows): array {
            $of = static fn (array $all, string $field, string $id): array => array_values(
                array_filter($all, static fn (array $one): bool => $one[$field] === $id)
            );
            $items = $rows('sales_order_item', 'order_id', $input['orders']);
            $documents = static function (string $kind) use ($rows, $input, $of): array {
                $found = $rows("sales_$kind", 'order_id', $input['orders']);
                $all = $rows("sales_{$kind}_item", 'parent_id', array_column($found, 'entity_id'));

                return array_map(static fn (array $one): array => $one + ['rows' => $of($all, 'parent_id', $one['entity_id'])], $found);
            };
            $invoices = $documents('invoice');
            $memos = $documents('creditmemo');

            return array_map(static fn (array $order): array => [
                'id' => (int) $order['entity_id'],
                'state' => $order['state'],
                'total' => $order['base_grand_total'],
                'subtotal' => $order['base_subtotal'],
                'currency' => $order['order_currency_code'],
                'items' => $of($items, 'order_id', $order['entity_id']),
                'invoices' => $of($invoices, 'order_id', $order['entity_id']),
                'memos' => $of($memos, 'order_id', $order['entity_id']),
            ], $rows('sales_order', 'entity_id', $input['orders']));
        },
    ];
};
