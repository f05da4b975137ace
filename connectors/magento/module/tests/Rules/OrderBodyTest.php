<?php

declare(strict_types=1);

namespace Upline\Connector\Tests\Rules;

use PHPUnit\Framework\TestCase;
use Upline\Connector\Rules\OrderBody;

final class OrderBodyTest extends TestCase
{
    private const ORDER = [
        'entity_id' => '70', 'state' => 'processing', 'base_currency_code' => 'EUR', 'base_grand_total' => '144.7900',
        'customer_email' => 'anna@example.test', 'customer_firstname' => 'Anna', 'remote_ip' => '192.0.2.1',
        'upline_ref_code' => 'ANNA77', 'upline_ref_via' => 'cookie', 'upline_ref_name' => 'Anna M.', 'upline_ref_touch' => null,
        'upline_ref_nobody' => '',
    ];

    public function testAmountsStayTheDecimalsThatTheTablesHave(): void
    {
        $row = ['entity_id' => '1', 'parent_id' => '71', 'order_item_id' => '9', 'qty' => '1.0000', 'base_row_total' => '83.3300'];
        $invoice = OrderBody::document(['entity_id' => '71', 'state' => '2', 'base_grand_total' => '83.3300'], [$row]);
        self::assertSame('83.3300', $invoice['items'][0]['base_row_total']);
        self::assertSame('144.7900', OrderBody::order(self::ORDER, [], null)['base_grand_total']);
    }

    public function testOnlyWhatTheHubReadsLeavesTheShop(): void
    {
        $order = OrderBody::order(self::ORDER, [['item_id' => '9', 'sku' => 'KIT', 'base_cost' => '12.0000']], '030 1');
        self::assertArrayNotHasKey('remote_ip', $order);
        self::assertArrayNotHasKey('customer_firstname', $order);
        self::assertSame([['item_id' => '9', 'sku' => 'KIT']], $order['items']);
        self::assertSame(['telephone' => '030 1'], $order['billing_address']);
    }

    public function testTheReferralIsTold(): void
    {
        $told = OrderBody::order(self::ORDER, [], null)['extension_attributes'];
        self::assertSame(['upline_ref_code' => 'ANNA77', 'upline_ref_via' => 'cookie'], (array) $told);
        self::assertSame('{}', json_encode(OrderBody::order(['entity_id' => '1'], [], null)['extension_attributes']));
    }

    public function testADocumentHasItsOwnRowsAlone(): void
    {
        $rows = [['entity_id' => '1', 'parent_id' => '71', 'sku' => 'A'], ['entity_id' => '2', 'parent_id' => '72', 'sku' => 'B']];
        self::assertSame(['B'], array_column(OrderBody::document(['entity_id' => '72'], $rows)['items'], 'sku'));
    }
}
