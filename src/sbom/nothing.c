/* The words that state nothing, as one table. */
#include "sbom/nothing.h"

#include "ident/lenient.h"

enum { WORD_MAX = 40 }; /* longer than every word that is asked for */

static const char *const nothing[] = {"noassertion", "none", "unknown", "notknown", "na",
	"notavailable", "notapplicable", "tbd", "tba", "tbc", "tobedetermined", "tobedefined",
	"tobeannounced", "tobeconfirmed", "todo", "null", "nil", "nan", "undefined", "undetermined",
	"unspecified", "notspecified", "notstated", "notprovided", "notset", "unset", "missing",
	"empty", "placeholder", "novalue", "noversion", "nosupplier", "nolicense", "nolicence",
	"unknownversion", "unknownsupplier", "unknownlicense", "unknownlicence", "versionunknown",
	"supplierunknown", "licenseunknown", "licenceunknown"};

static bool is_letter(unsigned char byte)
{
	unsigned char lower = byte | 0x20;

	return (lower >= 'a' && lower <= 'z') || (byte >= '0' && byte <= '9') || byte >= 0x80;
}

/* Letters and digits in lower case; false when there are more than fit. */
static bool squeeze(struct tu_str text, char out[WORD_MAX], size_t *out_len)
{
	*out_len = 0;
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.ptr[i];

		if (!is_letter(byte))
			continue;
		if (*out_len == WORD_MAX)
			return false;
		out[(*out_len)++] = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
	}
	return true;
}

bool tu_sbom__is_word(struct tu_str text, const char *const *words, size_t count)
{
	char word[WORD_MAX];
	size_t len;

	if (!squeeze(text, word, &len))
		return false;
	for (size_t i = 0; i < count; i++)
		if (tu_str_eq(tu_str_of(word, len), tu_str_c(words[i])))
			return true;
	return false;
}

static bool is_placeholder(struct tu_str text)
{
	return (tu_str_starts(text, TU_STR("${")) && tu_str_ends(text, TU_STR("}"))) ||
		(tu_str_starts(text, TU_STR("{{")) && tu_str_ends(text, TU_STR("}}"))) ||
		(text.len > 2 && tu_str_starts(text, TU_STR("@")) &&
			tu_str_ends(text, TU_STR("@")));
}

bool tu_sbom__says_nothing(struct tu_str text)
{
	struct tu_str trimmed = tu_identifier_trim(text);
	char word[WORD_MAX];
	size_t len;

	if (is_placeholder(trimmed) || tu_sbom__is_word(trimmed, nothing, TU_COUNT(nothing)))
		return true;
	return squeeze(trimmed, word, &len) && len == 0;
}

bool tu_sbom__names_nothing(struct tu_str name)
{
	struct tu_str trimmed = tu_identifier_trim(name);

	return trimmed.len == 0 || tu_str_ieq(trimmed, TU_STR("NOASSERTION"));
}

static bool is_operator(struct tu_str token)
{
	return tu_str_ieq(token, TU_STR("AND")) || tu_str_ieq(token, TU_STR("OR")) ||
		tu_str_ieq(token, TU_STR("WITH"));
}

static bool token_says_nothing(struct tu_str token)
{
	static const struct tu_str reference = TU_STR_INIT("LicenseRef-");

	if (tu_str_istarts(token, reference))
		token = tu_str_from(token, reference.len);
	return is_operator(token) || tu_sbom__says_nothing(token);
}

bool tu_sbom__licenses_nothing(struct tu_str expression)
{
	size_t begin = 0;

	if (tu_sbom__says_nothing(expression))
		return true;
	for (size_t i = 0; i <= expression.len; i++) {
		if (i < expression.len && expression.ptr[i] != ' ' && expression.ptr[i] != '(' &&
			expression.ptr[i] != ')')
			continue;
		if (!token_says_nothing(tu_str_of(expression.ptr + begin, i - begin)))
			return false;
		begin = i + 1;
	}
	return true;
}

bool tu_sbom__states_licence(const struct tu_component *component)
{
	for (size_t i = 0; i < component->licence_count; i++) {
		const struct tu_licence *licence = &component->licences[i];

		if (!tu_sbom__licenses_nothing(licence->text) || licence->content.len ||
			licence->url.len)
			return true;
	}
	return false;
}
