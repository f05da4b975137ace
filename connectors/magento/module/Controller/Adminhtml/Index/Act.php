<?php

declare(strict_types=1);

namespace Upline\Connector\Controller\Adminhtml\Index;

use Magento\Backend\App\Action;
use Magento\Backend\App\Action\Context;
use Magento\Framework\App\Action\HttpPostActionInterface;
use Magento\Framework\Controller\ResultInterface;
use Magento\Framework\Phrase;
use Upline\Connector\Model\Handshake;
use Upline\Connector\Model\Health;
use Upline\Connector\Model\Hub;
use Upline\Connector\Model\Outbox;

/** What the buttons of Sales > Upline do. */
class Act extends Action implements HttpPostActionInterface
{
    public const ADMIN_RESOURCE = 'Upline_Connector::deliveries';
    private const CONNECT_RESOURCE = 'Upline_Connector::connect';
    private const DELIVERY_ACTS = ['retry', 'now'];

    public function __construct(
        Context $context,
        private readonly Handshake $handshake,
        private readonly Hub $hub,
        private readonly Outbox $outbox,
        private readonly Health $health
    ) {
        parent::__construct($context);
    }

    public function execute(): ResultInterface
    {
        $act = (string) $this->getRequest()->getParam('act');
        if (!in_array($act, self::DELIVERY_ACTS, true) && !$this->_authorization->isAllowed(self::CONNECT_RESOURCE)) {
            $this->messageManager->addErrorMessage((string) __('Your role may not connect or disconnect the shop.'));
        } else {
            $this->act($act);
        }

        return $this->resultRedirectFactory->create()->setPath('upline/index/index');
    }

    private function act(string $act): void
    {
        match ($act) {
            'connect' => $this->say(
                $this->handshake->connect($this->text('code'), $this->text('hub'), $this->text('moved') === '1'),
                __('The shop is connected.')
            ),
            'moved' => $this->say($this->handshake->moved(), __('The hub knows this shop under its new address now. Deliveries go on.')),
            'silence' => $this->silence(),
            'test' => $this->test(),
            'disconnect' => $this->disconnect(),
            'retry' => $this->retry(),
            'now' => $this->now(),
            default => $this->messageManager->addErrorMessage((string) __('There is no such button.')),
        };
    }

    private function test(): void
    {
        $answer = $this->hub->test();
        if ($answer->status === 200) {
            $this->health->accepted();
            $this->outbox->hurry(time());
        }
        $this->say($answer->status === 200 ? '' : $answer->problem, __('The hub knows this shop and answers.'));
    }

    private function silence(): void
    {
        $this->handshake->silence();
        $this->messageManager->addSuccessMessage((string) __('This copy notes nothing and sends nothing.'));
    }

    private function disconnect(): void
    {
        $done = $this->handshake->disconnect();
        $done['isTold']
            ? $this->messageManager->addSuccessMessage($done['text'])
            : $this->messageManager->addErrorMessage($done['text']);
    }

    private function retry(): void
    {
        $id = $this->text('id');
        $count = $this->outbox->retry($id === '' ? null : (int) $id, time());
        $this->messageManager->addSuccessMessage((string) __('%1 waiting again. They go out within a minute.', $count));
    }

    private function now(): void
    {
        $this->outbox->hurryAll(time());
        $this->health->resume();
        $this->messageManager->addSuccessMessage((string) __('Everything that waits goes out within a minute.'));
    }

    private function say(string $problem, Phrase $good): void
    {
        $problem === ''
            ? $this->messageManager->addSuccessMessage((string) $good)
            : $this->messageManager->addErrorMessage($problem);
    }

    private function text(string $name): string
    {
        $value = $this->getRequest()->getParam($name);

        return is_string($value) ? trim($value) : '';
    }
}
