/* Whether an SBOM says anything of what is in a product. */
#include <tutela/sbom_blank.h>

enum tu_blank tu_sbom_blank(const struct tu_inventory *inventory)
{
	size_t others = 0;

	for (size_t i = 0; i < inventory->component_count; i++) {
		if (i == inventory->subject)
			continue;
		if (tu_component_is_identified(&inventory->components[i]))
			return TU_BLANK_NOT;
		others++;
	}
	if (others)
		return TU_BLANK_UNIDENTIFIED;
	return inventory->component_count ? TU_BLANK_SUBJECT : TU_BLANK_EMPTY;
}

const char *tu_blank_sentence(enum tu_blank blank)
{
	static const char *const sentences[TU_BLANKS] = {
		[TU_BLANK_NOT] = "",
		[TU_BLANK_EMPTY] = "lists no components. That is not \"no vulnerabilities\": there "
				   "was nothing to look for.",
		[TU_BLANK_SUBJECT] =
			"lists no components beside the product that it is about. That "
			"is not \"no vulnerabilities\": what is in the product is not "
			"known.",
		[TU_BLANK_UNIDENTIFIED] =
			"lists no component that can be looked up: none has a package URL, a CPE, "
			"or a name with a version. That is not \"no vulnerabilities\".",
	};

	return sentences[blank];
}
