<?php

declare(strict_types=1);

namespace Upline\Connector\Controller\Adminhtml\Order;

use Magento\Backend\App\Action;
use Magento\Backend\App\Action\Context;
use Magento\Backend\Model\Auth\Session;
use Magento\Framework\App\Action\HttpPostActionInterface;
use Magento\Framework\Controller\ResultInterface;
use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Api\OrderRepositoryInterface;
use Upline\Connector\Domain\ReferralCode;
use Upline\Connector\Model\Directory;
use Upline\Connector\Model\OrderReferral;
use Upline\Connector\Rules\Attribution;

/** The shop's people correct whose an order is; the order keeps who did so and why. */
class Referral extends Action implements HttpPostActionInterface
{
    public const ADMIN_RESOURCE = 'Upline_Connector::referral';

    public function __construct(
        Context $context,
        private readonly OrderRepositoryInterface $orders,
        private readonly OrderReferral $referral,
        private readonly Directory $directory,
        private readonly Session $session
    ) {
        parent::__construct($context);
    }

    public function execute(): ResultInterface
    {
        $id = (int) $this->getRequest()->getParam('order_id');
        try {
            $this->correct($id, $this->text('code'), $this->text('reason'));
            $this->messageManager->addSuccessMessage((string) __('The referral code is saved, and the hub is told.'));
        } catch (LocalizedException $problem) {
            $this->messageManager->addErrorMessage($problem->getMessage());
        }

        return $this->resultRedirectFactory->create()->setPath('sales/order/view', ['order_id' => $id]);
    }

    private function correct(int $id, string $typed, string $reason): void
    {
        $code = $typed === '' ? '' : ReferralCode::parse($typed);
        if ($code === null) {
            throw new LocalizedException(__('"%1" is not a referral code.', $typed));
        }
        if ($reason === '') {
            throw new LocalizedException(__('Say why, in the field "Reason": the order keeps it.'));
        }
        $order = $this->orders->get($id);
        $before = (string) $order->getData(Attribution::CODE);
        if ($code === '') {
            $this->referral->clear($order);
        } else {
            // So that the name stands on the order where the hub knows it.
            $this->directory->check($code);
            $this->referral->set($order, $code);
        }
        $order->addCommentToStatusHistory((string) __(
            'Upline: referral code changed from %1 to %2 by %3. Reason: %4',
            $before === '' ? __('nobody') : $before,
            $code === '' ? __('nobody') : $code,
            $this->session->getUser()?->getUserName() ?? '?',
            mb_substr($reason, 0, 250)
        ));
        $this->orders->save($order);
    }

    private function text(string $name): string
    {
        $value = $this->getRequest()->getParam($name);

        return is_string($value) ? trim($value) : '';
    }
}
