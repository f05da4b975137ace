<?php

/**
 * The inside of a test shop, for the end-to-end suite: php shop.php <Magento root> <command> < arguments as JSON.
 * Answers with one line: UPLINE: and JSON. The commands are in the files of inside/, by whom they stand for.
 */

declare(strict_types=1);

use Magento\Framework\App\ResourceConnection;

[, $root, $command] = $argv;
$input = json_decode((string) stream_get_contents(STDIN), true) ?: [];
require $root . '/app/bootstrap.php';
$om = Magento\Framework\App\Bootstrap::create(BP, $_SERVER)->getObjectManager();
$om->get(Magento\Framework\App\State::class)->setAreaCode('adminhtml');
$om->configure($om->get(Magento\Framework\ObjectManager\ConfigLoaderInterface::class)->load('adminhtml'));
$resources = $om->get(ResourceConnection::class);
$db = $resources->getConnection();

/** Rows of the shop's own tables; the module has no part in it. */
$rows = static fn (string $table, string $field, $values): array => $values === [] ? [] : $db->fetchAll(
    $db->select()->from($resources->getTableName($table))->where("$field IN (?)", (array) $values)
);
$commands = [];
foreach (['goods', 'settings', 'documents', 'sales', 'tables'] as $part) {
    $commands += (require __DIR__ . "/inside/$part.php")($om, $rows);
}

$answer = $commands[$command]($input);
echo "\nUPLINE:" . json_encode($answer) . "\n";
