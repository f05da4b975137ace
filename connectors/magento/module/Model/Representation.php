<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Catalog\Model\ResourceModel\Product as ProductResource;
use Magento\Framework\App\ProductMetadataInterface;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Upline\Connector\Rules\OrderBody;

/** Reads an entity from the shop's tables, as it is at this moment. */
class Representation
{
    private const GONE = 'deleted';

    public function __construct(
        private readonly ResourceConnection $resources,
        private readonly ProductResource $products,
        private readonly ProductMetadataInterface $magento,
        private readonly Store $store
    ) {
    }

    /** @return array{type: string, data: array<string, mixed>} */
    public function of(string $entity, int $id): array
    {
        $told = match ($entity) {
            'order' => $this->order($id),
            'product', 'stock' => $this->product($entity, $id),
        };
        $told['data']['source'] = [
            'url' => $this->store->address(),
            'module' => Version::NUMBER,
            'magento' => $this->magento->getEdition() . ' ' . $this->magento->getVersion(),
            'php' => PHP_VERSION,
        ];

        return $told;
    }

    /** @return array{type: string, data: array<string, mixed>} */
    private function order(int $id): array
    {
        $db = $this->resources->getConnection(Outbox::CONNECTION);
        // One snapshot: an invoice that is saved meanwhile is told with the next delivery, whole.
        $db->beginTransaction();
        try {
            $rows = fn (string $table, string $field): array => $this->rows($db, $table, $field, $id);
            $order = $rows('sales_order', 'entity_id')[0] ?? null;
            $items = $rows('sales_order_item', 'order_id');
            $invoices = $rows('sales_invoice', 'order_id');
            $memos = $rows('sales_creditmemo', 'order_id');
            $invoiceRows = $this->rows($db, 'sales_invoice_item', 'parent_id', array_column($invoices, 'entity_id'));
            $memoRows = $this->rows($db, 'sales_creditmemo_item', 'parent_id', array_column($memos, 'entity_id'));
            $telephone = $db->fetchOne(
                $db->select()->from($this->table('sales_order_address'), 'telephone')
                    ->where('parent_id = ?', $id)->where('address_type = ?', 'billing')
            );
        } finally {
            $db->commit();
        }
        if ($order === null) {
            $gone = ['entity_id' => $id, 'state' => self::GONE];

            return ['type' => 'order.deleted', 'data' => ['order' => $gone]];
        }

        return ['type' => 'order.updated', 'data' => [
            'order' => OrderBody::order($order, $items, $telephone === false ? null : $telephone),
            'invoices' => array_map(static fn (array $one): array => OrderBody::document($one, $invoiceRows), $invoices),
            'creditmemos' => array_map(static fn (array $one): array => OrderBody::document($one, $memoRows), $memos),
        ]];
    }

    /** @return array{type: string, data: array<string, mixed>} */
    private function product(string $entity, int $id): array
    {
        $db = $this->resources->getConnection();
        $table = $this->resources->getTableName('catalog_product_entity');
        $row = $db->fetchRow($db->select()->from($table, ['entity_id', 'sku', 'type_id'])->where('entity_id = ?', $id));
        if ($row === false) {
            return ['type' => 'product.deleted', 'data' => ['product' => ['id' => $id]]];
        }
        $product = ['id' => $id, 'sku' => $row['sku'], 'type_id' => $row['type_id']];
        if ($entity === 'product') {
            $values = $this->products->getAttributeRawValue($id, ['name', 'status'], 0);
            $product += array_intersect_key(is_array($values) ? $values : [], ['name' => 1, 'status' => 1]);
        }

        return ['type' => $entity . '.updated', 'data' => ['product' => $product]];
    }

    /**
     * @param int|array<int, string> $values
     * @return array<int, array<string, mixed>>
     */
    private function rows(AdapterInterface $db, string $table, string $field, int|array $values): array
    {
        if ($values === []) {
            return [];
        }

        return $db->fetchAll($db->select()->from($this->table($table))->where($field . ' IN (?)', (array) $values));
    }

    private function table(string $name): string
    {
        return $this->resources->getTableName($name, Outbox::CONNECTION);
    }
}
