<?php

/** The shop's configuration: its address, taxes, a view in another currency, the keys of an integration. */

declare(strict_types=1);

use Magento\Config\Model\ResourceModel\Config;
use Magento\Framework\App\Cache\TypeListInterface;
use Magento\Framework\App\ResourceConnection;
use Magento\Framework\FlagManager;
use Magento\Integration\Api\IntegrationServiceInterface;
use Magento\Integration\Api\OauthServiceInterface;
use Magento\Tax\Model\Calculation\Rate;
use Magento\Tax\Model\Calculation\Rule;

return static function ($om, callable $rows): array {
    $set = static function (string $path, string $value, string $scope = 'default', int $id = 0) use ($om): void {
        $om->get(Config::class)->saveConfig($path, $value, $scope, $id);
        $om->get(TypeListInterface::class)->cleanType('config');
    };
    $taxes = static function () use ($om, $rows): void {
        if ($rows('tax_calculation_rate', 'code', 'E2E') !== []) {
            return;
        }
        $rate = $om->create(Rate::class);
        $rate->setCode('E2E')->setTaxCountryId('US')->setTaxRegionId(0)->setTaxPostcode('*')->setRate(8.25)->save();
        $om->create(Rule::class)->setCode('E2E')->setTaxRateIds([$rate->getId()])->setCustomerTaxClassIds([3])
            ->setProductTaxClassIds([2])->setPriority(0)->setPosition(0)->setCalculateSubtotal(0)->save();
    };
    $view = static function () use ($om, $rows, $set): void {
        $id = $rows('store', 'code', 'e2e_eur')[0]['store_id'] ?? null;
        if ($id === null) {
            $store = $om->create(Magento\Store\Model\Store::class);
            $store->setCode('e2e_eur')->setName('E2E EUR')->setWebsiteId(1)->setGroupId(1)->setIsActive(1)->save();
            $id = $store->getId();
        }
        $set('currency/options/allow', 'USD,EUR');
        $set('currency/options/default', 'EUR', 'stores', (int) $id);
        // A rate with which hardly any price comes out even.
        $om->create(Magento\Directory\Model\Currency::class)->saveRates(['USD' => ['EUR' => 0.9137]]);
        $om->get(TypeListInterface::class)->cleanType('full_page');
    };

    return [
        'world' => static function () use ($taxes, $view, $set): void {
            $taxes();
            $view();
            $set('tax/calculation/price_includes_tax', '0');
        },
        'config' => static fn (array $input) => $set($input['path'], $input['value']),
        'address' => static fn (array $input) => $set('web/unsecure/base_url', $input['url'] . '/'),
        // As a shop that was never connected: what earlier runs left would be sent to this run's hub.
        'reset' => static function () use ($om): void {
            $resources = $om->get(ResourceConnection::class);
            $resources->getConnection()->query('DELETE FROM ' . $resources->getTableName('upline_outbox'));
            foreach (['upline_store', 'upline_secrets', 'upline_store_before', 'upline_health'] as $flag) {
                $om->get(FlagManager::class)->deleteFlag($flag);
            }
        },
        'outbox' => static fn (): array => $om->get(Upline\Connector\Model\Outbox::class)->counts(),
        // What Magento's cron does every minute, with everything due.
        'deliver' => static function () use ($om): void {
            $om->get(Upline\Connector\Model\Outbox::class)->hurryAll(time());
            $om->get(Upline\Connector\Model\Health::class)->resume();
            $om->get(Upline\Connector\Cron\Deliver::class)->execute();
        },
        // With just the permissions that the guide names.
        'integration' => static function (array $input) use ($om): array {
            $service = $om->get(IntegrationServiceInterface::class);
            $old = $service->findByName('Upline e2e');
            if ($old->getId()) {
                $service->delete($old->getId());
            }
            $made = $service->create(['name' => 'Upline e2e', 'email' => 'e2e@example.test', 'status' => 1, 'all_resources' => 0,
                'resource' => $input['resources']]);
            $oauth = $om->get(OauthServiceInterface::class);
            $oauth->createAccessToken($made->getConsumerId(), true);
            $consumer = $oauth->loadConsumer($made->getConsumerId());
            $token = $oauth->getAccessToken($made->getConsumerId());

            return ['key' => $consumer->getKey(), 'secret' => $consumer->getSecret(), 'token' => $token->getToken(),
                'tokenSecret' => $token->getSecret()];
        },
    ];
};
