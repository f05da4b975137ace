<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\Exception\InputException;
use Magento\Quote\Api\CartRepositoryInterface;
use Magento\Quote\Model\ResourceModel\Quote as QuoteResource;
use Upline\Connector\Api\Data\ReferralInterface;
use Upline\Connector\Api\Data\ReferralInterfaceFactory;
use Upline\Connector\Api\ReferralManagementInterface;
use Upline\Connector\Domain\ReferralCode;
use Upline\Connector\Rules\Attribution;

class ReferralManagement implements ReferralManagementInterface
{
    public function __construct(
        private readonly CartRepositoryInterface $carts,
        private readonly QuoteResource $resource,
        private readonly Directory $directory,
        private readonly Settings $settings,
        private readonly ReferralInterfaceFactory $referrals
    ) {
    }

    /** @inheritDoc */
    public function set(int $cartId, string $code): ReferralInterface
    {
        $typed = trim($code);
        $parsed = $typed === '' ? '' : ReferralCode::parse($typed);
        if ($parsed === null) {
            throw new InputException(__('"%1" is not a referral code. Check its spelling, or leave "code" empty.', mb_substr($typed, 0, 60)));
        }
        if ($parsed === '' && $this->settings->field() === 'required') {
            throw new InputException(__('Please tell us who referred you.'));
        }
        $quote = $this->carts->getActive($cartId);
        $kept = Attribution::kept($parsed);
        if ($quote->getData(Attribution::TYPED) !== $kept) {
            // This column alone: saving the whole cart would compute its totals anew, and race with what else the checkout saves.
            $this->resource->getConnection()->update(
                $this->resource->getMainTable(),
                [Attribution::TYPED => $kept],
                ['entity_id = ?' => $cartId]
            );
            $quote->setData(Attribution::TYPED, $kept);
        }
        $known = $parsed === '' ? ['state' => 'empty', 'name' => ''] : $this->directory->check($parsed);

        return $this->referrals->create(['code' => $parsed, 'state' => $known['state'], 'name' => $known['name']]);
    }
}
