<?php

declare(strict_types=1);

namespace Upline\Connector\Controller;

use Magento\Framework\App\Action\Redirect;
use Magento\Framework\App\ActionFactory;
use Magento\Framework\App\ActionInterface;
use Magento\Framework\App\RequestInterface;
use Magento\Framework\App\ResponseInterface;
use Magento\Framework\App\RouterInterface;
use Magento\Framework\UrlInterface;
use Upline\Connector\Domain\ReferralCode;
use Upline\Connector\Model\ReferralCookie;
use Upline\Connector\Model\Settings;

/** Answers /r/ANNA77: remembers the code and leads to the start page, where the code stays in the address. */
class ShortLinkRouter implements RouterInterface
{
    /** What says by which campaign a visitor comes, for the shop's statistics. */
    private const CAMPAIGN = '/^(utm_[a-z_]{1,30}|gclid|fbclid|msclkid|ttclid)$/';

    public function __construct(
        private readonly ActionFactory $actions,
        private readonly ResponseInterface $response,
        private readonly UrlInterface $urls,
        private readonly Settings $settings,
        private readonly ReferralCookie $cookie
    ) {
    }

    public function match(RequestInterface $request): ?ActionInterface
    {
        $prefix = $this->settings->prefix();
        $path = (string) $request->getPathInfo();
        $code = $prefix === '' ? null : ReferralCode::inPath($path, '/', $prefix);
        if ($code === null) {
            return null;
        }
        $this->cookie->remember($code, $path, 'path');
        $kept = array_filter(
            $request->getQuery()->toArray(),
            static fn ($value, $name): bool => is_string($value) && preg_match(self::CAMPAIGN, (string) $name) === 1,
            ARRAY_FILTER_USE_BOTH
        );
        $kept[$this->settings->parameter()] = $code;
        $this->response->setRedirect($this->urls->getUrl('', ['_query' => $kept]), 302);
        $this->response->setNoCacheHeaders();
        $request->setDispatched(true);

        return $this->actions->create(Redirect::class);
    }
}
