#include <tutela/score.h>

static const char *const names[TU_SEVERITY_COUNT_] = {
	[TU_SEVERITY_UNKNOWN] = "unknown",
	[TU_SEVERITY_NONE] = "none",
	[TU_SEVERITY_LOW] = "low",
	[TU_SEVERITY_MEDIUM] = "medium",
	[TU_SEVERITY_HIGH] = "high",
	[TU_SEVERITY_CRITICAL] = "critical",
};

/* Words of sources that have a scale of their own. */
static const struct {
	const char *word;
	enum tu_severity severity;
} words[] = {
	{"none", TU_SEVERITY_NONE},
	{"unimportant", TU_SEVERITY_NONE}, /* Debian: no security impact in its packages */
	{"negligible", TU_SEVERITY_LOW},
	{"low", TU_SEVERITY_LOW},
	{"medium", TU_SEVERITY_MEDIUM},
	{"moderate", TU_SEVERITY_MEDIUM},
	{"high", TU_SEVERITY_HIGH},
	{"important", TU_SEVERITY_HIGH},
	{"critical", TU_SEVERITY_CRITICAL},
};

/* The highest score, times ten, of each severity; the last row takes the rest. */
struct band {
	uint8_t up_to;
	enum tu_severity severity;
};

/* CVSS v3.1, 5; CVSS v4.0, 6 has the same. */
static const struct band bands[] = {
	{0, TU_SEVERITY_NONE},
	{39, TU_SEVERITY_LOW},
	{69, TU_SEVERITY_MEDIUM},
	{89, TU_SEVERITY_HIGH},
	{100, TU_SEVERITY_CRITICAL},
};

/* CVSS 2.0 has no scale of its own: https://nvd.nist.gov/vuln-metrics/cvss. */
static const struct band bands_2[] = {
	{39, TU_SEVERITY_LOW},
	{69, TU_SEVERITY_MEDIUM},
	{100, TU_SEVERITY_HIGH},
};

enum tu_severity tu_severity_of(enum tu_cvss_version version, uint8_t tenths)
{
	const struct band *band = version == TU_CVSS_2 ? bands_2 : bands;

	if (tenths > 100)
		return TU_SEVERITY_UNKNOWN;
	while (tenths > band->up_to)
		band++;
	return band->severity;
}

enum tu_severity tu_score_severity(const struct tu_score *score)
{
	uint8_t tenths = tu_score_tenths(score);
	enum tu_cvss_version version =
		score->version != TU_CVSS_NONE ? score->version : tu_cvss_version_of(score->vector);
	enum tu_severity severity;

	if (tenths != TU_SCORE_UNSTATED)
		return tu_severity_of(version, tenths);
	(void)tu_severity_by_name(score->severity, &severity);
	return severity;
}

bool tu_severity_by_name(struct tu_str name, enum tu_severity *out_severity)
{
	*out_severity = TU_SEVERITY_UNKNOWN;
	for (size_t i = 0; i < TU_COUNT(words); i++) {
		if (!tu_str_ieq(name, tu_str_c(words[i].word)))
			continue;
		*out_severity = words[i].severity;
		return true;
	}
	return false;
}

const char *tu_severity_name(enum tu_severity severity)
{
	return severity < TU_SEVERITY_COUNT_ ? names[severity] : names[TU_SEVERITY_UNKNOWN];
}
