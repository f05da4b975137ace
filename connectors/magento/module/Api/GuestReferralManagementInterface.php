<?php

declare(strict_types=1);

namespace Upline\Connector\Api;

/** The same for a guest, whose cart is named by a masked id. */
interface GuestReferralManagementInterface
{
    /**
     * Keeps what the buyer has filled in. An empty code is the buyer's word too: nobody is paid by a link then.
     *
     * @param string $cartId
     * @param string $code
     * @return \Upline\Connector\Api\Data\ReferralInterface
     */
    public function set(string $cartId, string $code): \Upline\Connector\Api\Data\ReferralInterface;
}
