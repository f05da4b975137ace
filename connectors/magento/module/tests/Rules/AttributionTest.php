<?php

declare(strict_types=1);

namespace Upline\Connector\Tests\Rules;

use PHPUnit\Framework\TestCase;
use Upline\Connector\Domain\Candidates;
use Upline\Connector\Domain\ReferralCode;
use Upline\Connector\Domain\Touches;
use Upline\Connector\Rules\Attribution;

final class AttributionTest extends TestCase
{
    private const NOW = 1_795_000_000;

    public function testALinkNamesTheDistributor(): void
    {
        $columns = $this->columns(touches: $this->visits('ANNA77'));
        self::assertSame('ANNA77', $columns['upline_ref_code']);
        self::assertSame('cookie', $columns['upline_ref_via']);
        self::assertSame('Anna M.', $columns['upline_ref_name']);
        self::assertNull($columns['upline_ref_nobody']);
        self::assertStringContainsString('"first":{"code":"ANNA77"', (string) $columns['upline_ref_touch']);
    }

    public function testOfSeveralLinksTheShopsChoiceCounts(): void
    {
        $touches = $this->visits('ANNA77', 'BEN12');
        self::assertSame('BEN12', $this->columns(touches: $touches)['upline_ref_code']);
        self::assertSame('ANNA77', $this->columns(touches: $touches, which: 'first')['upline_ref_code']);
    }

    public function testWhatTheBuyerTypedComesBeforeTheLink(): void
    {
        $columns = $this->columns(touches: $this->visits('ANNA77'), typed: 'ben12');
        self::assertSame(['BEN12', 'checkout-field'], [$columns['upline_ref_code'], $columns['upline_ref_via']]);
        $kept = json_decode((string) $columns['upline_ref_touch'], true);
        self::assertSame(['BEN12', 'ANNA77'], array_column($kept['candidates'], 'code'));
    }

    public function testAnEmptyFieldMeansNobody(): void
    {
        $columns = $this->columns(touches: $this->visits('ANNA77'), typed: '');
        self::assertNull($columns['upline_ref_code']);
        self::assertNull($columns['upline_ref_touch']);
        self::assertSame('buyer', $columns['upline_ref_nobody']);
    }

    public function testAnEmptiedFieldOutlivesMagentosSaving(): void
    {
        // Magento saves an empty text as none, and that would be a cart without the field.
        self::assertNotSame('', Attribution::kept(''));
        self::assertNull(ReferralCode::parse(Attribution::kept('')));
        self::assertSame('', Attribution::typed(Attribution::kept('')));
        self::assertSame('ANNA77', Attribution::typed(Attribution::kept('ANNA77')));
        self::assertNull(Attribution::typed(null));
    }

    public function testACouponCountsFirstAlsoWhereTheFieldIsEmpty(): void
    {
        $columns = $this->columns(touches: $this->visits('ANNA77'), typed: '', coupons: ['BEN12']);
        self::assertSame(['BEN12', 'coupon', 'buyer'], [
            $columns['upline_ref_code'], $columns['upline_ref_via'], $columns['upline_ref_nobody'],
        ]);
    }

    public function testACodeThatNobodyHasGivesWay(): void
    {
        $columns = $this->columns(touches: $this->visits('ANNA77'), typed: 'NOBODY1');
        self::assertSame('ANNA77', $columns['upline_ref_code']);
    }

    public function testTheCompanysOrderIsFollowed(): void
    {
        $columns = $this->columns(touches: $this->visits('ANNA77'), coupons: ['BEN12'], order: ['cart-attribute', 'discount-code']);
        self::assertSame('ANNA77', $columns['upline_ref_code']);
    }

    public function testNothingSaidIsNothingWritten(): void
    {
        self::assertSame(array_fill_keys(Attribution::COLUMNS, null), $this->columns());
    }

    public function testANameThatTheHubHasNotSaidIsNotWritten(): void
    {
        self::assertNull($this->columns(typed: 'CARLA9')['upline_ref_name']);
    }

    /**
     * @param array<int, string> $coupons
     * @param array<int, string> $order
     * @return array<string, string|null>
     */
    private function columns(
        ?Touches $touches = null,
        string $which = 'last',
        ?string $typed = null,
        array $coupons = [],
        array $order = Candidates::DEFAULT_ORDER
    ): array {
        return Attribution::columns(
            $order,
            $touches,
            $which,
            $typed,
            $coupons,
            static fn (string $code): bool => $code === 'NOBODY1',
            static fn (string $code): string => ['ANNA77' => 'Anna M.'][$code] ?? ''
        );
    }

    private function visits(string ...$codes): Touches
    {
        $touches = Touches::decode('', self::NOW, 86400);
        foreach ($codes as $index => $code) {
            $touches = $touches->add($code, self::NOW + 100 * $index, '/kit', 'cookie');
        }

        return $touches;
    }
}
