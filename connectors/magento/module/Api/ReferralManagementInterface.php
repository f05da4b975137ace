<?php

declare(strict_types=1);

namespace Upline\Connector\Api;

/** Who referred the buyer of a cart; for checkouts of any make, the shop's own included. */
interface ReferralManagementInterface
{
    /**
     * Keeps what the buyer has filled in. An empty code is the buyer's word too: nobody is paid by a link then.
     *
     * @param int $cartId
     * @param string $code
     * @return \Upline\Connector\Api\Data\ReferralInterface
     */
    public function set(int $cartId, string $code): \Upline\Connector\Api\Data\ReferralInterface;
}
