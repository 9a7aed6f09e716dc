/* The words of device.yaml and of decisions. */
#include <tutela/decision.h>

#include "device/form.h"
#include "vex/claim/words.h"

#define WORDS(name, ...) \
	static const struct tu_word name##_list[] = {__VA_ARGS__}; \
	const struct tu_words tu_words_##name = {name##_list, TU_COUNT(name##_list)}

/* clang-format off */
WORDS(harm,
	{"unknown", TU_HARM_UNKNOWN},
	{"none", TU_HARM_NONE},
	{"negligible", TU_HARM_NEGLIGIBLE},
	{"minor", TU_HARM_MINOR},
	{"serious", TU_HARM_SERIOUS},
	{"critical", TU_HARM_CRITICAL},
	{"catastrophic", TU_HARM_CATASTROPHIC});

WORDS(privacy,
	{"unknown", TU_PRIVACY_UNKNOWN},
	{"none", TU_PRIVACY_NONE},
	{"limited", TU_PRIVACY_LIMITED},
	{"serious", TU_PRIVACY_SERIOUS});

WORDS(risk,
	{"under assessment", TU_RISK_UNDECIDED},
	{"controlled", TU_RISK_CONTROLLED},
	{"uncontrolled", TU_RISK_UNCONTROLLED});

WORDS(lifecycle,
	{"unknown", TU_LIFECYCLE_UNKNOWN},
	{"development", TU_LIFECYCLE_DEVELOPMENT},
	{"supported", TU_LIFECYCLE_SUPPORTED},
	{"limited-support", TU_LIFECYCLE_LIMITED},
	{"end-of-support", TU_LIFECYCLE_END_OF_SUPPORT});

WORDS(function,
	{"other", TU_FUNCTION_OTHER},
	{"therapy", TU_FUNCTION_THERAPY},
	{"measurement", TU_FUNCTION_MEASUREMENT},
	{"alarm", TU_FUNCTION_ALARM},
	{"display", TU_FUNCTION_DISPLAY},
	{"dosing-configuration", TU_FUNCTION_DOSING_CONFIGURATION},
	{"communication", TU_FUNCTION_COMMUNICATION},
	{"update", TU_FUNCTION_UPDATE},
	{"log", TU_FUNCTION_LOG},
	{"patient-data", TU_FUNCTION_PATIENT_DATA},
	{"credentials", TU_FUNCTION_CREDENTIALS},
	{"power", TU_FUNCTION_POWER});

WORDS(interface,
	{"network", TU_INTERFACE_NETWORK},
	{"wireless", TU_INTERFACE_WIRELESS},
	{"usb", TU_INTERFACE_USB},
	{"service", TU_INTERFACE_SERVICE},
	{"debug", TU_INTERFACE_DEBUG});

WORDS(control,
	{"in-place", TU_CONTROL_IN_PLACE},
	{"compensating", TU_CONTROL_COMPENSATING},
	{"planned", TU_CONTROL_PLANNED});

#define WORD(word, status) {word, status},
WORDS(status, TU_OPENVEX_STATUSES(WORD));

WORDS(justification,
	{"component_not_present", TU_JUSTIFY_COMPONENT_NOT_PRESENT},
	{"vulnerable_code_not_present", TU_JUSTIFY_CODE_NOT_PRESENT},
	{"vulnerable_code_not_in_execute_path", TU_JUSTIFY_CODE_NOT_IN_EXECUTE_PATH},
	{"vulnerable_code_cannot_be_controlled_by_adversary",
		TU_JUSTIFY_CODE_NOT_CONTROLLED_BY_ADVERSARY},
	{"inline_mitigations_already_exist", TU_JUSTIFY_INLINE_MITIGATIONS});

WORDS(remedy,
	{"vendor_fix", TU_REMEDY_VENDOR_FIX},
	{"mitigation", TU_REMEDY_MITIGATION},
	{"workaround", TU_REMEDY_WORKAROUND},
	{"none_available", TU_REMEDY_NONE_AVAILABLE},
	{"no_fix_planned", TU_REMEDY_NO_FIX_PLANNED});
/* clang-format on */

/* The public names, one line each. */
#define NAME(function, type, words) \
	const char *function(enum type value) \
	{ \
		return tu_words_name(&tu_words_##words, (int)value); \
	}
#define BY_NAME(function, type, words) \
	bool function(struct tu_str name, enum type *out) \
	{ \
		int value; \
\
		if (!tu_words_find(&tu_words_##words, name, &value)) \
			return false; \
		*out = (enum type)value; \
		return true; \
	}

NAME(tu_harm_name, tu_harm, harm)
NAME(tu_privacy_name, tu_privacy, privacy)
NAME(tu_risk_name, tu_risk, risk)
NAME(tu_lifecycle_name, tu_lifecycle, lifecycle)
NAME(tu_function_name, tu_function, function)
NAME(tu_interface_kind_name, tu_interface_kind, interface)
NAME(tu_justification_name, tu_justification, justification)
NAME(tu_remediation_name, tu_remediation, remedy)
BY_NAME(tu_harm_by_name, tu_harm, harm)
BY_NAME(tu_privacy_by_name, tu_privacy, privacy)
BY_NAME(tu_decision_status_by_name, tu_claim_status, status)
BY_NAME(tu_justification_by_name, tu_justification, justification)
BY_NAME(tu_remediation_by_name, tu_remediation, remedy)
