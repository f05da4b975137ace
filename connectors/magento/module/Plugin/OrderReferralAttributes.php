<?php

declare(strict_types=1);

namespace Upline\Connector\Plugin;

use Magento\Sales\Api\Data\OrderExtensionFactory;
use Magento\Sales\Api\Data\OrderInterface;
use Magento\Sales\Api\Data\OrderSearchResultInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Upline\Connector\Rules\Attribution;

/**
 * Shows over REST what an order says about its distributor. After a deployment the generated class may be older than this
 * module: then the attributes are left out, and the shop's own API goes on.
 */
class OrderReferralAttributes
{
    private const SETTERS = [
        Attribution::CODE => 'setUplineRefCode',
        Attribution::VIA => 'setUplineRefVia',
        Attribution::TOUCH => 'setUplineRefTouch',
        Attribution::NOBODY => 'setUplineRefNobody',
    ];

    public function __construct(private readonly OrderExtensionFactory $extensions)
    {
    }

    public function afterGet(OrderRepositoryInterface $subject, OrderInterface $order): OrderInterface
    {
        $attributes = $order->getExtensionAttributes() ?? $this->extensions->create();
        foreach (self::SETTERS as $column => $setter) {
            $value = $order->getData($column);
            if ($value !== null && $value !== '' && method_exists($attributes, $setter)) {
                $attributes->$setter($value);
            }
        }
        $order->setExtensionAttributes($attributes);

        return $order;
    }

    public function afterGetList(OrderRepositoryInterface $subject, OrderSearchResultInterface $found): OrderSearchResultInterface
    {
        foreach ($found->getItems() as $order) {
            $this->afterGet($subject, $order);
        }

        return $found;
    }
}
