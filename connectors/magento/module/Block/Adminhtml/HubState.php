<?php

declare(strict_types=1);

namespace Upline\Connector\Block\Adminhtml;

use Magento\Backend\Block\Template\Context;
use Magento\Config\Block\System\Config\Form\Field;
use Magento\Framework\Data\Form\Element\AbstractElement;
use Upline\Connector\Model\Store;

/** Stores > Configuration > Sales > Upline: says whether the shop is connected, and leads to where that is done. */
class HubState extends Field
{
    /** @param array<string, mixed> $data */
    public function __construct(Context $context, private readonly Store $store, array $data = [])
    {
        parent::__construct($context, $data);
    }

    // phpcs:ignore PSR2.Methods.MethodDeclaration.Underscore
    protected function _getElementHtml(AbstractElement $element): string
    {
        $state = $this->store->isConnected()
            ? __('Connected to %1 as %2.', $this->store->hub(), $this->store->company())
            : __('Not connected.');

        return sprintf(
            '<p>%s</p><p><a href="%s">%s</a></p>',
            $this->_escaper->escapeHtml((string) $state),
            $this->_escaper->escapeUrl($this->getUrl('upline/index/index')),
            $this->_escaper->escapeHtml((string) __('Sales > Upline: connect, test, deliveries'))
        );
    }
}
