<?php

declare(strict_types=1);

namespace Upline\Connector\Model;

use Magento\Framework\App\Area;
use Magento\Framework\App\State;
use Magento\Framework\DataObject;
use Upline\Connector\Domain\Touches;
use Upline\Connector\Rules\Attribution;

/** Collects what names a distributor on a cart: the buyer's word, coupons, the link; and writes it to the order. Asks nobody. */
class Evidence
{
    public function __construct(
        private readonly Settings $settings,
        private readonly ReferralCookie $cookie,
        private readonly Coupons $coupons,
        private readonly Directory $directory,
        private readonly Store $store,
        private readonly State $state
    ) {
    }

    /**
     * @param DataObject $quote the cart
     * @param DataObject $order the order that is made of it, not saved yet
     */
    public function write(DataObject $quote, DataObject $order): void
    {
        // An order that is edited in the administration becomes another order: what the shop's people have said goes with it.
        $isReplacement = $quote->getData(Attribution::CODE) !== null || $quote->getData(Attribution::NOBODY) !== null;
        $columns = $isReplacement
            ? array_map(static fn (string $name): mixed => $quote->getData($name), array_combine(Attribution::COLUMNS, Attribution::COLUMNS))
            : $this->columns($quote);
        foreach ($columns as $name => $value) {
            $order->setData($name, $value);
        }
    }

    /** The code of the link that counts; what the checkout begins with. */
    public function linkedCode(DataObject $quote): ?string
    {
        $winner = $this->touches($quote)->winner($this->settings->touch());

        return $winner === null ? null : $winner['code'];
    }

    /** @return array<string, string|null> */
    private function columns(DataObject $quote): array
    {
        return Attribution::columns(
            $this->store->evidenceOrder(),
            $this->touches($quote),
            $this->settings->touch(),
            Attribution::typed($quote->getData(Attribution::TYPED)),
            $this->coupons->codesOf($quote->getData('coupon_code')),
            fn (string $code): bool => $this->directory->remembered($code)['state'] === Directory::UNKNOWN,
            fn (string $code): string => $this->nameOf($code)
        );
    }

    /** The name is on the order where the hub knows the code, and only there: it is what a buyer is shown. */
    public function nameOf(string $code): string
    {
        $known = $this->directory->remembered($code);
        if ($known['state'] !== Directory::KNOWN) {
            return '';
        }

        return $known['name'] === '' ? $code : $known['name'];
    }

    /** Of the browser that orders; else as the cart has it from the last visit. */
    private function touches(DataObject $quote): Touches
    {
        $now = $this->isBuyer() ? $this->cookie->touches() : $this->cookie->decode('');

        return $now->last === null ? $this->cookie->decode((string) $quote->getData(Attribution::VISIT)) : $now;
    }

    /** The cookies of the shop's own people say nothing of a buyer. */
    private function isBuyer(): bool
    {
        return in_array($this->state->getAreaCode(), [Area::AREA_FRONTEND, Area::AREA_WEBAPI_REST, Area::AREA_GRAPHQL], true);
    }
}
