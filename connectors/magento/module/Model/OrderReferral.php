<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\DataObject;
use Upline\Connector\Rules\Attribution;

/** What the shop's people set on an order. Never saves the order: whoever calls does. */
class OrderReferral
{
    public function __construct(private readonly Evidence $evidence)
    {
    }

    public function set(DataObject $order, string $code): void
    {
        $name = $this->evidence->nameOf($code);
        $order->setData(Attribution::CODE, $code);
        $order->setData(Attribution::VIA, 'admin');
        $order->setData(Attribution::NAME, $name === '' ? null : $name);
        $order->setData(Attribution::NOBODY, null);
    }

    /** Nobody is paid for this order. */
    public function clear(DataObject $order): void
    {
        foreach (Attribution::COLUMNS as $column) {
            $order->setData($column, null);
        }
        $order->setData(Attribution::NOBODY, Attribution::BY_SHOP);
    }
}
