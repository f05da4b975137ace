/* An order waits for a code that nobody has, and where the shop asks every buyer. */
define([
    'uiComponent',
    'Magento_Checkout/js/model/payment/additional-validators',
    'Magento_Ui/js/model/messageList',
    'Upline_Connector/js/model/referral'
], function (Component, validators, messages, referral) {
    'use strict';

    validators.registerValidator({
        validate: function () {
            var problem = referral.problem();

            if (problem) {
                messages.addErrorMessage({ message: problem });
            }

            return !problem;
        }
    });

    return Component.extend({});
});
