<?php

declare(strict_types=1);

namespace Upline\Connector\Controller\Visit;

use Magento\Framework\App\Action\HttpPostActionInterface;
use Magento\Framework\App\RequestInterface;
use Magento\Framework\Controller\Result\Json;
use Magento\Framework\Controller\Result\JsonFactory;
use Upline\Connector\Domain\ReferralCode;
use Upline\Connector\Model\ReferralCookie;

/** The storefront script hands over the link a visitor came by; the answer sets the cookie, on a page that no cache keeps. */
class Index implements HttpPostActionInterface
{
    public function __construct(
        private readonly RequestInterface $request,
        private readonly JsonFactory $results,
        private readonly ReferralCookie $cookie
    ) {
    }

    public function execute(): Json
    {
        $text = fn (string $name): string => is_string($this->request->getParam($name)) ? $this->request->getParam($name) : '';
        $code = ReferralCode::parse($text('code'));
        $isKept = $code !== null && $this->cookie->isAllowed();
        if ($isKept) {
            $path = $text('path');
            $this->cookie->remember($code, str_starts_with($path, '/') ? $path : '/', $text('via') === 'path' ? 'path' : 'cookie');
        }

        return $this->results->create()->setHeader('Cache-Control', 'no-store', true)->setData(['kept' => $isKept]);
    }
}
