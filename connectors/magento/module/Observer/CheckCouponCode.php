<?php

declare(strict_types=1);

namespace Upline\Connector\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Framework\Exception\LocalizedException;
use Upline\Connector\Domain\ReferralCode;
use Upline\Connector\Rules\Attribution;

/** The referral code on a cart price rule is kept as every other code is; what cannot be one is refused. */
class CheckCouponCode implements ObserverInterface
{
    public function execute(Observer $observer): void
    {
        $rule = $observer->getEvent()->getData('rule');
        $typed = trim((string) $rule->getData(Attribution::CODE));
        $code = $typed === '' ? null : ReferralCode::parse($typed);
        if ($typed !== '' && $code === null) {
            throw new LocalizedException(__('"%1" is not a referral code.', $typed));
        }
        $rule->setData(Attribution::CODE, $code);
    }
}
