<?php

declare(strict_types=1);

namespace Upline\Connector\Rules;

/**
 * An order as a delivery tells it, from the rows of the shop's tables: REST rewrites the totals of order items, differently from
 * version to version, and the tables have them as they were computed. Amounts stay the decimals in text that they are. Only
 * what the hub reads leaves the shop.
 */
class OrderBody
{
    private const ORDER = ['entity_id', 'increment_id', 'state', 'status', 'store_id', 'created_at', 'updated_at', 'customer_id',
        'customer_email', 'coupon_code', 'base_currency_code', 'order_currency_code', 'base_to_order_rate', 'base_grand_total',
        'base_subtotal', 'base_discount_amount', 'base_discount_tax_compensation_amount', 'base_tax_amount', 'base_shipping_amount',
        'base_shipping_tax_amount', 'base_shipping_discount_amount', 'base_shipping_discount_tax_compensation_amnt',
        'base_total_invoiced', 'base_total_refunded', 'base_total_canceled', 'grand_total', 'original_increment_id',
        'relation_parent_real_id'];
    private const ITEM = ['item_id', 'parent_item_id', 'product_id', 'product_type', 'sku', 'name', 'qty_ordered', 'qty_invoiced',
        'qty_refunded', 'qty_canceled', 'base_row_total', 'base_discount_amount', 'base_discount_tax_compensation_amount',
        'base_tax_amount'];
    private const DOCUMENT = ['entity_id', 'increment_id', 'order_id', 'state', 'created_at', 'updated_at', 'base_currency_code',
        'base_grand_total', 'base_subtotal', 'base_discount_amount', 'base_discount_tax_compensation_amount', 'base_tax_amount',
        'base_shipping_amount', 'base_shipping_tax_amount', 'base_shipping_discount_tax_compensation_amnt', 'base_adjustment',
        'base_adjustment_positive', 'base_adjustment_negative'];
    private const ROW = ['entity_id', 'order_item_id', 'product_id', 'sku', 'qty', 'base_row_total', 'base_discount_amount',
        'base_discount_tax_compensation_amount', 'base_tax_amount'];

    /**
     * @param array<string, mixed>             $order
     * @param array<int, array<string, mixed>> $items
     * @param string|null                      $telephone of the billing address
     * @return array<string, mixed>
     */
    public static function order(array $order, array $items, ?string $telephone): array
    {
        $attributes = array_filter(
            array_intersect_key($order, array_flip(Attribution::COLUMNS)),
            static fn ($value): bool => $value !== null && $value !== ''
        );
        unset($attributes[Attribution::NAME]);

        return self::only($order, self::ORDER) + [
            'items' => array_map(static fn (array $item): array => self::only($item, self::ITEM), $items),
            'billing_address' => ['telephone' => $telephone],
            // An object also where it is empty.
            'extension_attributes' => (object) $attributes,
        ];
    }

    /**
     * An invoice or a credit memo.
     *
     * @param array<string, mixed>             $document
     * @param array<int, array<string, mixed>> $rows of all documents of the order
     * @return array<string, mixed>
     */
    public static function document(array $document, array $rows): array
    {
        $own = array_filter($rows, static fn (array $row): bool => (string) $row['parent_id'] === (string) $document['entity_id']);

        return self::only($document, self::DOCUMENT) + [
            'items' => array_map(static fn (array $row): array => self::only($row, self::ROW), array_values($own)),
        ];
    }

    /**
     * @param array<string, mixed> $row
     * @param array<int, string>   $names
     * @return array<string, mixed>
     */
    private static function only(array $row, array $names): array
    {
        return array_intersect_key($row, array_flip($names));
    }
}
