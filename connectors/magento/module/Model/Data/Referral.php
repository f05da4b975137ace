<?php

declare(strict_types=1);

namespace Upline\Connector\Model\Data;

use Upline\Connector\Api\Data\ReferralInterface;

class Referral implements ReferralInterface
{
    public function __construct(
        private readonly string $code = '',
        private readonly string $state = '',
        private readonly string $name = ''
    ) {
    }

    /** @inheritDoc */
    public function getCode(): string
    {
        return $this->code;
    }

    /** @inheritDoc */
    public function getState(): string
    {
        return $this->state;
    }

    /** @inheritDoc */
    public function getName(): string
    {
        return $this->name;
    }
}
