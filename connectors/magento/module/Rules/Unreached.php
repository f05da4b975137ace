<?php

declare(strict_types=1);

namespace Upline\Connector\Rules;

/** Why a hub could not be reached, in words to be translated. */
class Unreached
{
    public static function reason(int $number, string $technical): string
    {
        return match ($number) {
            5, 6 => 'Its name is not known. Check the spelling of the address.',
            7 => 'Nothing answers at its address. The hub may be down, or a firewall keeps this shop from it.',
            28 => 'It did not answer in time.',
            35, 51, 58, 60, 77 => 'Its certificate is not valid, so the connection is not safe.',
            52, 56 => 'The connection broke off before it had answered.',
            default => $technical,
        };
    }
}
