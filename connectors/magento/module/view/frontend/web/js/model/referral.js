/* What the checkout's field holds, and whose it is: shared by the field and by what is checked before an order is placed. */
define([
    'ko',
    'jquery',
    'mage/storage',
    'mage/translate',
    'Magento_Checkout/js/model/quote',
    'Magento_Checkout/js/model/url-builder',
    'Magento_Customer/js/model/customer'
], function (ko, $, storage, $t, quote, urls, customer) {
    'use strict';

    var options = window.checkoutConfig.upline || { field: 'off', code: '', lookup: '' },
        model = {
            field: options.field,
            code: ko.observable(options.code || ''),
            state: ko.observable(options.code ? 'checking' : 'empty'),
            name: ko.observable(''),
            saving: null
        },
        asked = 0;

    function settle(number, found) {
        if (number === asked) {
            model.name(found.name || '');
            model.state(found.state || 'unasked');
        }
    }

    /* The shop keeps the buyer's word with the cart, and says whose the code is. */
    model.save = function () {
        var number = asked += 1,
            code = model.code().trim(),
            url = customer.isLoggedIn()
                ? urls.createUrl('/carts/mine/upline-referral', {})
                : urls.createUrl('/guest-carts/:cartId/upline-referral', { cartId: quote.getQuoteId() });

        model.state(code === '' ? 'empty' : 'checking');
        model.saving = storage.put(url, JSON.stringify({ code: code }), false)
            .done(function (found) {
                settle(number, found);
            })
            .fail(function (answer) {
                settle(number, { state: answer.status === 400 && code !== '' ? 'unknown' : 'unasked' });
            });

        return model.saving;
    };

    /* Whose the link's code is, where the buyer is not asked. */
    model.look = function () {
        var number = asked += 1;

        $.ajax({ url: options.lookup, data: { code: model.code() }, dataType: 'json' })
            .done(function (found) {
                settle(number, found);
            })
            .fail(function () {
                settle(number, {});
            });
    };

    model.hint = ko.pureComputed(function () {
        switch (model.state()) {
            case 'known':
                return $t('You are supporting %1').replace('%1', model.name() || model.code());
            case 'unknown':
                return model.field === 'off' ? '' : $t('We do not know this code. Check its spelling.');
            case 'checking':
                return $t('Checking the code…');
            case 'unasked':
                return model.field === 'off' ? '' : $t('We will check this code after your order.');
            default:
                return '';
        }
    });

    /* What keeps the order from being placed; empty where nothing does. */
    model.problem = function () {
        if (model.field === 'off') {
            return '';
        }
        if (model.state() === 'unknown') {
            return $t('We do not know this code. Check its spelling.');
        }

        return model.field === 'required' && model.code().trim() === '' ? $t('Please tell us who referred you.') : '';
    };

    return model;
});
