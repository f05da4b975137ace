<?php

declare(strict_types=1);

namespace Upline\WooCommerce\Connect;

/** Why a hub could not be reached, in words: WordPress says "cURL error 7: …". */
final class Unreached
{
    public static function reason(string $technical): string
    {
        $number = preg_match('/cURL error (\d+)/', $technical, $found) === 1 ? (int) $found[1] : 0;
        switch ($number) {
            case 5:
            case 6:
                return __('Its name is not known. Check the spelling of the address.', 'upline-woocommerce');
            case 7:
                return __('Nothing answers at its address. The hub may be down, or a firewall keeps this shop from it.', 'upline-woocommerce');
            case 28:
                return __('It did not answer in time.', 'upline-woocommerce');
            case 35:
            case 51:
            case 58:
            case 60:
            case 77:
                return __('Its certificate is not valid, so the connection is not safe.', 'upline-woocommerce');
            case 52:
            case 56:
                return __('The connection broke off before it had answered.', 'upline-woocommerce');
        }
        if (strpos($technical, 'A valid URL was not provided') !== false) {
            return __('WordPress does not call this address: only public ones, at the ports 80, 443 and 8080.', 'upline-woocommerce');
        }

        return sanitize_text_field($technical);
    }
}
