<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\App\ResourceConnection;
use Upline\Connector\Domain\ReferralCode;
use Upline\Connector\Rules\Attribution;

/** Coupons that belong to a distributor: the cart price rule says whose they are. */
class Coupons
{
    public function __construct(private readonly ResourceConnection $resources, private readonly Directory $directory)
    {
    }

    /** @return array<int, string> the referral codes that a coupon stands for */
    public function codesOf(?string $coupon): array
    {
        if ($coupon === null || $coupon === '') {
            return [];
        }
        $db = $this->resources->getConnection();
        $rule = $db->fetchOne(
            $db->select()->from(['c' => $this->resources->getTableName('salesrule_coupon')], [])
                ->join(['r' => $this->resources->getTableName('salesrule')], 'r.rule_id = c.rule_id', Attribution::CODE)
                ->where('c.code = ?', $coupon)
        );
        // A coupon may be called like a referral code: the hub takes it for one then.
        $own = ReferralCode::parse($coupon);
        $isOwn = $own !== null && $this->directory->remembered($own)['state'] === Directory::KNOWN;

        return array_values(array_filter([(string) $rule, $isOwn ? $own : ''], static fn (string $code): bool => $code !== ''));
    }
}
