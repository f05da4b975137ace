<?php

declare(strict_types=1);

namespace Upline\Connector\Model\Config;

use Magento\Framework\App\Config\Value;
use Magento\Framework\Exception\LocalizedException;
use Upline\Connector\Rules\LinkWords;

/** A word of referral links that is not one of the shop's own. */
class Prefix extends Value
{
    /** @return $this */
    public function beforeSave()
    {
        $word = strtolower(trim((string) $this->getValue()));
        $problem = LinkWords::whyNoPrefix($word);
        if ($problem === 'malformed') {
            throw new LocalizedException(
                __('"%1" cannot be used in referral links: up to 20 small letters, digits and -, a letter first.', $word)
            );
        }
        if ($problem === 'taken') {
            throw new LocalizedException(__('The shop itself uses "%1" in its addresses; pages or filters would break.', $word));
        }
        $this->setValue($word);

        return parent::beforeSave();
    }
}
