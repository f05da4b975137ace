<?php

declare(strict_types=1);

namespace Upline\Connector\Block;

use Magento\Framework\DataObject;
use Magento\Framework\View\Element\Template;
use Magento\Framework\View\Element\Template\Context;
use Upline\Connector\Model\Settings;
use Upline\Connector\Rules\Attribution;

/**
 * Shows the buyer whom the order supports, wherever its totals stand: account, print, mails. A name that the hub has confirmed
 * and nothing else.
 */
class Supported extends Template
{
    /** @param array<string, mixed> $data */
    public function __construct(Context $context, private readonly Settings $settings, array $data = [])
    {
        parent::__construct($context, $data);
    }

    /** Called by the totals that this block is a child of. */
    public function initTotals(): self
    {
        $totals = $this->getParentBlock();
        $name = (string) $totals->getSource()?->getData(Attribution::NAME);
        if ($name !== '' && $this->settings->showsBuyer()) {
            $supported = new DataObject([
                'code' => 'upline_supported',
                'label' => __('You are supporting:'),
                'value' => $this->_escaper->escapeHtml($name),
                'is_formated' => true,
            ]);
            // Behind the sum: between the amounts it would look like one of them.
            $totals->addTotal($supported, 'last');
        }

        return $this;
    }
}
