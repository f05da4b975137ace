<?php

declare(strict_types=1);

namespace Upline\Connector\Block\Adminhtml;

use Magento\Backend\Block\Template\Context;
use Magento\Framework\Registry;
use Magento\Sales\Block\Adminhtml\Order\AbstractOrder;
use Magento\Sales\Helper\Admin;
use Upline\Connector\Model\Directory;
use Upline\Connector\Rules\Attribution;

/** The order's page: who referred it, whom the hub pays, and a form to correct it. */
class OrderReferral extends AbstractOrder
{
    /** @param array<string, mixed> $data */
    public function __construct(
        Context $context,
        Registry $registry,
        Admin $adminHelper,
        private readonly Directory $referrals,
        array $data = []
    ) {
        parent::__construct($context, $registry, $adminHelper, $data);
    }

    public function field(string $column): string
    {
        return (string) $this->getOrder()->getData($column);
    }

    public function via(): string
    {
        $via = $this->field(Attribution::VIA);

        return $via === '' ? '' : (string) __(Attribution::viaLabel($via));
    }

    public function isUnknown(): bool
    {
        $code = $this->field(Attribution::CODE);

        return $code !== '' && $this->referrals->remembered($code)['state'] === Directory::UNKNOWN;
    }

    /** What the hub says of this order, for people; empty where it cannot say. */
    public function credited(): string
    {
        $said = $this->referrals->credited((int) $this->getOrder()->getEntityId());
        if ($said === null) {
            return '';
        }
        $who = $said['name'] === '' ? $said['code'] : $said['name'] . ' (' . $said['code'] . ')';
        $text = match ($said['state']) {
            'credited' => __('The hub pays %1.', $who),
            'nobody' => __('The hub pays nobody for this order.'),
            'unresolved' => __('The hub pays nobody yet: somebody there has to decide.'),
            'pending' => __('The hub has not heard of this order yet.'),
            default => '',
        };

        return trim($text . ' ' . $said['reason']);
    }

    /** @return array<int, array{title: string, code: string, at: string, path: string}> */
    public function touches(): array
    {
        $kept = json_decode($this->field(Attribution::TOUCH), true);
        $touches = [];
        foreach (['first' => __('First link'), 'last' => __('Last link')] as $name => $title) {
            if (isset($kept[$name]['code'])) {
                $touches[] = [
                    'title' => (string) $title,
                    'code' => (string) $kept[$name]['code'],
                    'at' => $this->formatDate((string) ($kept[$name]['at'] ?? ''), \IntlDateFormatter::SHORT, true),
                    'path' => (string) ($kept[$name]['path'] ?? ''),
                ];
            }
        }

        return $touches;
    }

    public function mayCorrect(): bool
    {
        return $this->_authorization->isAllowed('Upline_Connector::referral');
    }
}
