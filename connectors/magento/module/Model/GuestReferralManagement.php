<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Quote\Model\MaskedQuoteIdToQuoteIdInterface;
use Upline\Connector\Api\Data\ReferralInterface;
use Upline\Connector\Api\GuestReferralManagementInterface;
use Upline\Connector\Api\ReferralManagementInterface;

class GuestReferralManagement implements GuestReferralManagementInterface
{
    public function __construct(
        private readonly MaskedQuoteIdToQuoteIdInterface $cartIds,
        private readonly ReferralManagementInterface $referrals
    ) {
    }

    /** @inheritDoc */
    public function set(string $cartId, string $code): ReferralInterface
    {
        return $this->referrals->set($this->cartIds->execute($cartId), $code);
    }
}
