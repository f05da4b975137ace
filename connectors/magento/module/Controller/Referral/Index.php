<?php

declare(strict_types=1);

namespace Upline\Connector\Controller\Referral;

use Magento\Framework\App\Action\HttpGetActionInterface;
use Magento\Framework\App\RequestInterface;
use Magento\Framework\Controller\Result\Json;
use Magento\Framework\Controller\Result\JsonFactory;
use Upline\Connector\Domain\ReferralCode;
use Upline\Connector\Model\Directory;

/** Whose code is it? For the checkout, while it is typed. */
class Index implements HttpGetActionInterface
{
    public function __construct(
        private readonly RequestInterface $request,
        private readonly JsonFactory $results,
        private readonly Directory $directory
    ) {
    }

    public function execute(): Json
    {
        $typed = $this->request->getParam('code');
        $code = is_string($typed) ? ReferralCode::parse($typed) : null;
        $known = $code === null ? ['state' => Directory::UNKNOWN, 'name' => ''] : $this->directory->check($code);

        return $this->results->create()->setHeader('Cache-Control', 'no-store', true)
            ->setData(['code' => $code, 'state' => $known['state'], 'name' => $known['name']]);
    }
}
