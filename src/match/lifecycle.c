#include "match/lifecycle.h"

#include "kb/kb.h"

/* Several components may be of one release: it is noted once, with the first. */
static bool note(struct lifecycles *all, uint32_t lifecycle, uint32_t distinct)
{
	if (lifecycle == TU_KB_NONE)
		return true;
	for (size_t i = 0; i < all->releases.count; i++) {
		if (all->releases.at[i].lifecycle == lifecycle)
			return true;
	}
	return TU_VEC_PUSH(&all->releases, (struct tu_supported_release){distinct, lifecycle});
}

/* What endoflife.date calls a distribution, where that is not our word for it. */
static struct tu_str product_of(struct tu_str word)
{
	static const struct {
		struct tu_str word;
		struct tu_str product;
	} products[] = {
		{TU_STR_INIT("alpine"), TU_STR_INIT("alpine-linux")},
		{TU_STR_INIT("amzn"), TU_STR_INIT("amazon-linux")},
		{TU_STR_INIT("ol"), TU_STR_INIT("oracle-linux")},
		{TU_STR_INIT("rocky"), TU_STR_INIT("rocky-linux")},
		{TU_STR_INIT("opensuse-leap"), TU_STR_INIT("opensuse")},
		{TU_STR_INIT("azurelinux"), TU_STR_INIT("azure-linux")},
	};

	for (size_t i = 0; i < TU_COUNT(products); i++) {
		if (tu_str_eq(products[i].word, word))
			return products[i].product;
	}
	return word;
}

bool tu_match__lifecycle_of_distro(
	struct lifecycles *all, const struct tu_kb *kb, struct tu_str distro, uint32_t distinct)
{
	size_t dash = tu_str_rfind(distro, '-');
	struct tu_str word = tu_str_first(distro, dash);

	if (dash == distro.len || tu_kb__rows(kb, KB_LIFECYCLES) == 0)
		return true;
	return note(all, tu_kb_find_lifecycle(kb, product_of(word), tu_str_from(distro, dash + 1)),
		distinct);
}

bool tu_match__lifecycle_of_component(struct lifecycles *all, const struct tu_kb *kb,
	const struct identity *id, uint32_t distinct)
{
	if (id->class != ID_PLAIN || tu_kb__rows(kb, KB_LIFECYCLES) == 0 ||
		!id->upstream.whole->text.len)
		return true;
	for (size_t i = 0; i < id->plain_name_count; i++) {
		if (!note(all,
			    tu_kb_find_lifecycle(kb, id->plain_names[i], id->upstream.whole->text),
			    distinct))
			return false;
	}
	return true;
}
