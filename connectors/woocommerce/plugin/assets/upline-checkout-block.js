/* The Checkout block: a field under the contact details that says whose code stands in it. */
( function ( checkout, element, data, options ) {
	'use strict';
	if ( ! checkout || ! checkout.registerCheckoutBlock || ! options ) {
		return;
	}
	var h = element.createElement;
	var ERROR = 'upline-ref';
	// What cannot be a code is not asked for; what is one, the shop says.
	var CODE = /^[^\s,;|<>"\\`]{1,60}$/;
	var Input = checkout.TextInput || ( window.wc.blocksComponents || {} ).TextInput;

	function tellCheckout( value ) {
		var store = data.dispatch( 'wc/store/checkout' );
		( store.setExtensionData || store.__internalSetExtensionData )( 'upline', { ref: value }, true );
	}

	function setProblem( text ) {
		var store = data.dispatch( 'wc/store/validation' );
		if ( text ) {
			var problem = {};
			problem[ ERROR ] = { message: text, hidden: true };
			store.setValidationErrors( problem );
		} else {
			store.clearValidationError( ERROR );
		}
	}

	function look( code ) {
		if ( code === '' ) {
			return Promise.resolve( { state: 'empty' } );
		}
		if ( ! CODE.test( code ) ) {
			return Promise.resolve( { state: 'unknown' } );
		}
		return fetch( options.lookup + encodeURIComponent( code ), { credentials: 'omit' } )
			.then( function ( answer ) {
				return answer.json();
			} )
			.catch( function () {
				return {};
			} );
	}

	function hint( found, code ) {
		switch ( found.state ) {
			case 'known':
				return options.texts.supporting.replace( '%s', found.name || code );
			case 'unknown':
				return options.field === 'off' ? '' : options.texts.unknown;
			case 'checking':
				return options.texts.checking;
			case 'empty':
				return '';
			default:
				return options.field === 'off' ? '' : options.texts.later;
		}
	}

	function Referral( props ) {
		var cart = props.extensions && props.extensions.upline;
		var linked = ( cart && cart.ref ) || '';
		var typed = element.useState( null );
		var found = element.useState( { state: 'empty' } );
		var value = typed[ 0 ] === null ? linked : typed[ 0 ];
		var code = value.trim().replace( /[a-z]/g, function ( letter ) {
			return letter.toUpperCase();
		} );

		element.useEffect( function () {
			var isCurrent = true;
			if ( options.field !== 'off' ) {
				tellCheckout( code );
			}
			found[ 1 ]( { state: code === '' ? 'empty' : 'checking' } );
			var timer = setTimeout( function () {
				look( code ).then( function ( answer ) {
					if ( isCurrent ) {
						found[ 1 ]( answer );
					}
				} );
			}, typed[ 0 ] === null ? 0 : 400 );
			return function () {
				isCurrent = false;
				clearTimeout( timer );
			};
		}, [ code ] );

		element.useEffect( function () {
			if ( options.field === 'off' ) {
				return;
			}
			if ( found[ 0 ].state === 'unknown' ) {
				setProblem( options.texts.unknown );
			} else if ( options.field === 'required' && code === '' ) {
				setProblem( options.texts.required );
			} else {
				setProblem( '' );
			}
			return function () {
				setProblem( '' );
			};
		}, [ found[ 0 ].state, code ] );

		var problem = data.useSelect( function ( select ) {
			return select( 'wc/store/validation' ).getValidationError( ERROR );
		} );
		var text = hint( found[ 0 ], code );
		var isWrong = found[ 0 ].state === 'unknown' && options.field !== 'off';
		if ( ! text && problem && ! problem.hidden ) {
			text = problem.message;
			isWrong = true;
		}
		if ( options.field === 'off' && ! text ) {
			return null;
		}
		return h(
			'div',
			{ className: 'upline-referral-block' },
			options.field === 'off' ? null : h( Input, {
				id: 'upline-ref',
				label: options.field === 'required' ? options.texts.label : options.texts.optional,
				value: value,
				maxLength: 40,
				autoComplete: 'off',
				autoCapitalize: 'characters',
				onChange: typed[ 1 ],
				ariaDescribedBy: 'upline-ref-hint',
				className: isWrong ? 'has-error' : ''
			} ),
			h( 'p', {
				id: 'upline-ref-hint',
				className: 'upline-referral-hint',
				role: 'status',
				'data-state': isWrong ? 'unknown' : found[ 0 ].state
			}, text )
		);
	}

	checkout.registerCheckoutBlock( {
		metadata: {
			name: 'upline/referral',
			parent: [ 'woocommerce/checkout-contact-information-block' ],
			attributes: { lock: { type: 'object', default: { remove: true, move: true } } }
		},
		component: Referral
	} );
} )( window.wc && window.wc.blocksCheckout, window.wp.element, window.wp.data, window.uplineCheckout );
