<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

/** Of the module, as composer.json says it. */
class Version
{
    public const NUMBER = '1.0.0';
}
