<?php

declare(strict_types=1);

namespace Upline\Connector\Api\Data;

/** Whose a referral code is, as far as the shop knows. */
interface ReferralInterface
{
    /**
     * The code as it is kept; empty where the buyer named nobody.
     *
     * @return string
     */
    public function getCode(): string;

    /**
     * "known", "unknown", "unasked" where the hub could not be asked now, or "empty".
     *
     * @return string
     */
    public function getState(): string;

    /**
     * The distributor's name as buyers may see it.
     *
     * @return string
     */
    public function getName(): string;
}
