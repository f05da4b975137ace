<?php

/** What the shop sells, and its coupon. */

declare(strict_types=1);

use Magento\Bundle\Api\Data\LinkInterfaceFactory;
use Magento\Bundle\Api\Data\OptionInterfaceFactory;
use Magento\Catalog\Api\ProductRepositoryInterface;
use Magento\Catalog\Model\Product;
use Magento\ConfigurableProduct\Helper\Product\Options\Factory as ConfigurableOptions;
use Magento\Eav\Model\Config as Attributes;
use Magento\Framework\App\ProductMetadataInterface;
use Magento\SalesRule\Model\Coupon;
use Magento\SalesRule\Model\Rule;

return static function ($om, callable $rows): array {
    $products = $om->get(ProductRepositoryInterface::class);
    $known = static fn (string $sku): ?string => $rows('catalog_product_entity', 'sku', $sku)[0]['entity_id'] ?? null;
    $blank = static function (string $sku, string $name, string $type) use ($om): Product {
        $product = $om->create(Product::class);
        $product->setSku($sku)->setName($name)->setTypeId($type)->setAttributeSetId(4)->setWebsiteIds([1]);
        $product->setStatus(1)->setVisibility(4)->setWeight(1)->setTaxClassId(2);
        $product->setStockData(['use_config_manage_stock' => 0, 'manage_stock' => 0, 'is_in_stock' => 1]);

        return $product;
    };
    $simple = static function (string $sku, string $name, float $price, array $more = []) use ($blank, $products): int {
        return (int) $products->save($blank($sku, $name, 'simple')->setPrice($price)->addData($more))->getId();
    };
    /** A shirt in two sizes. */
    $shirt = static function () use ($om, $known, $blank, $simple, $products): void {
        if ($known('E2E-SHIRT')) {
            return;
        }
        $setup = $om->create(Magento\Eav\Setup\EavSetup::class);
        $setup->addAttribute(Product::ENTITY, 'e2e_size', ['type' => 'int', 'label' => 'Size', 'input' => 'select', 'global' => 1,
            'required' => false, 'user_defined' => true, 'visible' => true, 'visible_on_front' => true, 'group' => 'General',
            'option' => ['values' => ['S', 'M']]]);
        $om->get(Attributes::class)->clear();
        $size = $om->get(Attributes::class)->getAttribute(Product::ENTITY, 'e2e_size');
        $links = [];
        $values = [];
        foreach ($size->getSource()->getAllOptions(false) as $option) {
            $more = ['e2e_size' => $option['value'], 'visibility' => 1];
            $links[] = $simple("E2E-SHIRT-{$option['label']}", "E2E Shirt {$option['label']}", 19.99, $more);
            $values[] = ['label' => 'Size', 'attribute_id' => $size->getId(), 'value_index' => $option['value']];
        }
        $options = $om->get(ConfigurableOptions::class)->create([
            ['attribute_id' => $size->getId(), 'code' => 'e2e_size', 'label' => 'Size', 'position' => 0, 'values' => $values],
        ]);
        $product = $blank('E2E-SHIRT', 'E2E Shirt', 'configurable');
        $product->getExtensionAttributes()->setConfigurableProductOptions($options)->setConfigurableProductLinks($links);
        $products->save($product);
    };
    /** Kit and tea in one; the price is that of its parts, or its own. */
    $bundle = static function (string $sku, string $name, ?float $price) use ($om, $known, $blank, $products): void {
        if ($known($sku)) {
            return;
        }
        $product = $blank($sku, $name, 'bundle')->setPriceType($price === null ? 0 : 1)->setSkuType(1)->setWeightType(1);
        $product->setPriceView(0)->setShipmentType(0)->setPrice($price ?? 0);
        $options = [];
        foreach (['E2E-KIT' => 1, 'E2E-TEA' => 2] as $part => $quantity) {
            $link = $om->get(LinkInterfaceFactory::class)->create()->setSku($part)->setQty($quantity)->setCanChangeQuantity(0);
            $link->setIsDefault(true)->setPrice($price === null ? 0 : 5)->setPriceType(0);
            $option = $om->get(OptionInterfaceFactory::class)->create()->setTitle($part)->setType('select')->setRequired(true);
            $options[] = $option->setSku($sku)->setProductLinks([$link]);
        }
        $product->getExtensionAttributes()->setBundleProductOptions($options);
        $products->save($product);
    };
    $coupon = static function (string $text, string $code) use ($om): void {
        $known = $om->create(Coupon::class)->loadByCode($text);
        $rule = $om->create(Rule::class);
        if ($known->getRuleId()) {
            $rule->load($known->getRuleId());
        }
        $rule->addData(['name' => $text, 'is_active' => 1, 'website_ids' => [1], 'customer_group_ids' => [0, 1], 'coupon_type' => 2,
            'coupon_code' => $text, 'simple_action' => 'by_percent', 'discount_amount' => 10, 'upline_ref_code' => $code]);
        $rule->save();
    };
    /** How a cart over REST names the choices of a product. */
    $choices = static function () use ($products): array {
        $options = $products->get('E2E-SHIRT')->getExtensionAttributes()->getConfigurableProductOptions();
        $chosen = [];
        foreach ($options as $option) {
            $value = $option->getValues()[1]->getValueIndex();
            $chosen[] = ['option_id' => (string) $option->getAttributeId(), 'option_value' => (int) $value];
        }
        $of = static fn (string $sku): array => ['bundle_options' => array_map(static fn ($option): array => [
            'option_id' => (int) $option->getOptionId(),
            'option_qty' => (int) $option->getProductLinks()[0]->getQty(),
            'option_selections' => [(int) $option->getProductLinks()[0]->getId()],
        ], array_values($products->get($sku)->getExtensionAttributes()->getBundleProductOptions()))];

        return ['E2E-SHIRT' => ['configurable_item_options' => $chosen], 'E2E-BOX' => $of('E2E-BOX'), 'E2E-SET' => $of('E2E-SET')];
    };

    return [
        'prepare' => static function () use ($om, $simple, $shirt, $bundle, $coupon, $choices): array {
            $simple('E2E-KIT', 'E2E Starter Kit', 49.90);
            $simple('E2E-TEA', 'E2E Tea', 29.95);
            $shirt();
            $bundle('E2E-BOX', 'E2E Box', null);
            $bundle('E2E-SET', 'E2E Set', 99.99);
            $coupon('e2e-ben', 'ben12');
            $magento = $om->get(ProductMetadataInterface::class);

            return ['choices' => $choices(), 'versions' => [
                'magento' => $magento->getEdition() . ' ' . $magento->getVersion(),
                'php' => PHP_VERSION,
                'module' => Upline\Connector\Model\Version::NUMBER,
            ]];
        },
    ];
};
