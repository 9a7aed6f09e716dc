#include "gate/terms_threat.h"

#define OUTCOME(function, value_) \
	bool function(const struct tu_gate_item *item, uint32_t value) \
	{ \
		(void)value; \
		return item->threat->outcome == (value_); \
	}

OUTCOME(tu_gate_threat_is_unproven, TU_THREAT_UNPROVEN)
OUTCOME(tu_gate_threat_is_mitigated, TU_THREAT_MITIGATED)
OUTCOME(tu_gate_threat_is_accepted, TU_THREAT_ACCEPTED)
OUTCOME(tu_gate_threat_is_transferred, TU_THREAT_TRANSFERRED)

bool tu_gate_threat_is_open(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return tu_threat_is_open(item->threat);
}

bool tu_gate_threat_is_reopened(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->threat->reopened.len > 0;
}

/* Also where the matrix has no answer. Who accepts a threat accepts its risk: it is there still. */
bool tu_gate_threat_is_uncontrolled(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return (tu_threat_is_open(item->threat) || item->threat->outcome == TU_THREAT_ACCEPTED) &&
		item->threat->risk_after != TU_RISK_CONTROLLED;
}

bool tu_gate_threat_harm_is_unknown(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->threat->graded && item->threat->severity == TU_HARM_UNKNOWN;
}

/* Repudiation has no severity of its own. */
bool tu_gate_threat_harm_reaches(const struct tu_gate_item *item, uint32_t value)
{
	return item->threat->graded &&
		(item->threat->severity == TU_HARM_UNKNOWN || item->threat->severity >= value);
}

/* Privacy is lost by disclosure. */
bool tu_gate_threat_privacy_reaches(const struct tu_gate_item *item, uint32_t value)
{
	return item->threat->stride == 'I' &&
		(item->threat->privacy == TU_PRIVACY_UNKNOWN || item->threat->privacy >= value);
}

bool tu_gate_threat_reach_reaches(const struct tu_gate_item *item, uint32_t value)
{
	return item->threat->reach >= value; /* not known: the greatest number */
}

bool tu_gate_threat_has_letter(const struct tu_gate_item *item, uint32_t value)
{
	return item->threat->stride == (char)value;
}

bool tu_gate_threat_has_category(const struct tu_gate_item *item, uint32_t value)
{
	return item->threat->category == value;
}

bool tu_gate_lint_matters(const struct tu_gate_item *item, uint32_t value)
{
	(void)value;
	return item->lint->level > TU_LINT_NOTE;
}

/* ---- values ---- */

bool tu_gate_parse_count(struct tu_str text, uint32_t *out_value)
{
	uint64_t value;

	if (!tu_str_to_u64(text, UINT32_MAX, &value))
		return false;
	*out_value = (uint32_t)value;
	return true;
}

bool tu_gate_parse_privacy(struct tu_str text, uint32_t *out_value)
{
	enum tu_privacy privacy;

	if (!tu_privacy_by_name(text, &privacy) || privacy < TU_PRIVACY_LIMITED)
		return false;
	*out_value = privacy;
	return true;
}

bool tu_gate_parse_stride(struct tu_str text, uint32_t *out_value)
{
	static const char letters[] = "STRIDE";

	if (text.len != 1)
		return false;
	for (size_t i = 0; i < sizeof(letters) - 1; i++)
		if (tu_char_lower(text.ptr[0]) == tu_char_lower(letters[i])) {
			*out_value = (uint32_t)letters[i];
			return true;
		}
	return false;
}

bool tu_gate_parse_category(struct tu_str text, uint32_t *out_value)
{
	return tu_gate_parse_count(text, out_value) && *out_value >= 1 && *out_value <= 8;
}
