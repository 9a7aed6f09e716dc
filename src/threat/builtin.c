/* The pack that is in the program, and words about threats. */
#include <tutela/threat.h>

#include "device/form.h"
#include "threat/condition.h"

extern const char tu_text_medical[];
extern const size_t tu_text_medical_len;

enum tu_status tu_threat_pack_builtin(
	struct tu_arena *arena, const struct tu_threat_pack **out_pack, struct tu_error *err)
{
	struct tu_form form = {
		.arena = arena, .file = TU_STR("(built in) medical.yaml"), .err = err};
	const struct tu_pack_words *words;

	return tu_pack_read_unchecked(
		&form, tu_str_of(tu_text_medical, tu_text_medical_len), out_pack, &words);
}

const char *tu_threat_outcome_name(enum tu_threat_outcome outcome)
{
	static const char *const names[TU_THREAT_OUTCOMES] = {"unknown", "open", "unproven",
		"mitigated", "accepted", "transferred", "not-applicable"};

	return outcome < TU_THREAT_OUTCOMES ? names[outcome] : "";
}

const char *tu_fda_category_name(uint32_t category)
{
	static const char *const names[] = {"", "Authentication", "Authorization", "Cryptography",
		"Code, data and execution integrity", "Confidentiality",
		"Event detection and logging", "Resiliency and recovery", "Updates"};

	return category < TU_COUNT(names) ? names[category] : "";
}
