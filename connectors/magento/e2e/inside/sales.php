<?php

/** Orders that the shop's people make. */

declare(strict_types=1);

use Magento\Backend\Model\Session\Quote as AdminSession;
use Magento\Sales\Model\AdminOrder\Create;

return static function ($om, callable $rows): array {
    $product = static fn (string $sku): int => (int) $rows('catalog_product_entity', 'sku', $sku)[0]['entity_id'];
    $person = ['firstname' => 'Eva', 'lastname' => 'Probe', 'street' => ['Weg 1'], 'city' => 'Los Angeles', 'postcode' => '90001',
        'country_id' => 'US', 'region_id' => 12, 'telephone' => '030 1'];
    $place = static function (Create $create): int {
        $create->collectShippingRates();
        $create->setPaymentMethod('checkmo')->setPaymentData(['method' => 'checkmo']);
        $create->getQuote()->getPayment()->addData(['method' => 'checkmo']);

        return (int) $create->createOrder()->getId();
    };
    return [
        'admin-order' => static function (array $input) use ($om, $product, $person, $place): int {
            $om->get(AdminSession::class)->setStoreId(1)->setCustomerId(false)->setCurrencyId('USD');
            $create = $om->get(Create::class);
            $create->getQuote()->setCustomerIsGuest(true);
            $create->addProducts([$product('E2E-KIT') => ['qty' => 3]]);
            $create->importPostData([
                'account' => ['group_id' => 1, 'email' => 'phone@example.test'],
                'billing_address' => $person,
                'shipping_address' => $person,
                'shipping_method' => 'flatrate_flatrate',
            ] + (isset($input['coupon']) ? ['coupon' => ['code' => $input['coupon']]] : []));

            return $place($create);
        },
        // The order is cancelled, and another takes its place.
        'admin-edit' => static function (array $input) use ($om, $place): int {
            $om->get(AdminSession::class)->clearStorage()->setUseOldShippingMethod(true);
            $create = $om->get(Create::class);
            $create->initFromOrder($om->create(Magento\Sales\Model\Order::class)->load($input['order']));
            $create->importPostData([
                'account' => ['group_id' => 1, 'email' => 'eva@example.test'],
                'shipping_method' => 'flatrate_flatrate',
            ]);

            return $place($create);
        },
        'numbered' => static fn (array $input): int => (int) $rows('sales_order', 'increment_id', $input['number'])[0]['entity_id'],
    ];
};
