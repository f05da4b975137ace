<?php

declare(strict_types=1);

namespace Upline\Connector\Controller\Adminhtml\Index;

use Magento\Backend\App\Action;
use Magento\Backend\App\Action\Context;
use Magento\Framework\App\Action\HttpGetActionInterface;
use Magento\Framework\View\Result\Page;
use Magento\Framework\View\Result\PageFactory;

/** Sales > Upline. */
class Index extends Action implements HttpGetActionInterface
{
    public const ADMIN_RESOURCE = 'Upline_Connector::deliveries';

    public function __construct(Context $context, private readonly PageFactory $pages)
    {
        parent::__construct($context);
    }

    public function execute(): Page
    {
        $page = $this->pages->create();
        $page->setActiveMenu('Upline_Connector::upline');
        $page->getConfig()->getTitle()->prepend(__('Upline'));

        return $page;
    }
}
