#include "match/engine.h"

struct system {
	struct tu_str vendor;
	struct tu_str prefix; /* of the product */
};

static bool is_listed(
	const struct system *systems, size_t count, struct tu_str vendor, struct tu_str product)
{
	for (size_t i = 0; i < count; i++) {
		if (tu_str_eq(systems[i].vendor, vendor) &&
			tu_str_starts(product, systems[i].prefix))
			return true;
	}
	return false;
}

/* NVD names a distribution beside the package that is at fault, for it shipped that package. */
bool tu_match__is_distribution(struct tu_str vendor, struct tu_str product)
{
	static const struct system distributions[] = {
		{TU_STR_INIT("debian"), TU_STR_INIT("debian_linux")},
		{TU_STR_INIT("canonical"), TU_STR_INIT("ubuntu_linux")},
		{TU_STR_INIT("redhat"), TU_STR_INIT("enterprise_linux")},
		{TU_STR_INIT("fedoraproject"), TU_STR_INIT("fedora")},
		{TU_STR_INIT("centos"), TU_STR_INIT("centos")},
		{TU_STR_INIT("almalinux"), TU_STR_INIT("almalinux")},
		{TU_STR_INIT("rocky"), TU_STR_INIT("rocky")},
		{TU_STR_INIT("oracle"), TU_STR_INIT("linux")},
		{TU_STR_INIT("amazon"), TU_STR_INIT("linux")},
		{TU_STR_INIT("opensuse"), TU_STR_INIT("leap")},
		{TU_STR_INIT("opensuse"), TU_STR_INIT("opensuse")},
		{TU_STR_INIT("opensuse"), TU_STR_INIT("tumbleweed")},
		{TU_STR_INIT("suse"), TU_STR_INIT("linux_enterprise")},
		{TU_STR_INIT("alpinelinux"), TU_STR_INIT("alpine_linux")},
		{TU_STR_INIT("gentoo"), TU_STR_INIT("linux")},
		{TU_STR_INIT("archlinux"), TU_STR_INIT("arch_linux")},
	};

	return is_listed(distributions, TU_COUNT(distributions), vendor, product);
}

bool tu_match__is_system(struct tu_str vendor, struct tu_str product)
{
	static const struct system systems[] = {
		{TU_STR_INIT("linux"), TU_STR_INIT("linux_kernel")},
		{TU_STR_INIT("microsoft"), TU_STR_INIT("windows")},
		{TU_STR_INIT("apple"), TU_STR_INIT("mac")},
		{TU_STR_INIT("apple"), TU_STR_INIT("iphone_os")},
		{TU_STR_INIT("freebsd"), TU_STR_INIT("freebsd")},
		{TU_STR_INIT("netbsd"), TU_STR_INIT("netbsd")},
		{TU_STR_INIT("openbsd"), TU_STR_INIT("openbsd")},
		{TU_STR_INIT("blackberry"), TU_STR_INIT("qnx")},
		{TU_STR_INIT("windriver"), TU_STR_INIT("vxworks")},
	};

	return is_listed(systems, TU_COUNT(systems), vendor, product);
}

/*
 * NVD's configurations: a product is vulnerable only together with others ("running on/with").
 * Those others are looked for in the inventory by vendor and product.
 */
static bool is_present(const struct engine *engine, const struct kb_product *product)
{
	char key[512];
	struct tu_str vendor = kb_str(engine->kb, product->vendor);
	struct tu_str name = kb_str(engine->kb, product->product);
	size_t len = vendor.len + 1 + name.len;

	if (len > sizeof(key))
		return false;
	memcpy(key, vendor.ptr, vendor.len);
	key[vendor.len] = '\0';
	memcpy(key + vendor.len + 1, name.ptr, name.len);
	return tu_intern_find(engine->present, tu_str_of(key, len)) != TU_INTERN_NONE;
}

/* What one node of a configuration needs and what the inventory has of it. */
struct node {
	bool present;
	bool all_hardware;
	bool any_system; /* an operating system is among the needed */
	bool negated;
};

static void look_at_leaf(const struct engine *engine, uint32_t leaf, struct node *node)
{
	const struct kb_body *body = kb_body(engine->kb, &engine->kb->entries[leaf]);
	const struct kb_product *product =
		&engine->kb->products[tu_kb__entry_owner(engine->kb, leaf)];

	node->all_hardware &= body->part == 'h';
	node->any_system |= body->part == 'o';
	node->negated |= (body->flags & KB_NEGATE) != 0;
	node->present |= is_present(engine, product);
}

static enum tu_reason judge_node(
	const struct engine *engine, const struct node *node, bool *out_assumed)
{
	if (node->negated)
		return node->present ? TU_WHY_OTHER_PLATFORM : TU_WHY_NONE;
	if (node->present)
		return TU_WHY_NONE;
	if (node->all_hardware) {
		*out_assumed = true;
		return TU_WHY_NONE;
	}
	return node->any_system && engine->os_known ? TU_WHY_OTHER_PLATFORM
						    : TU_WHY_PLATFORM_UNKNOWN;
}

static uint16_t node_of(const struct tu_kb *kb, uint32_t entry)
{
	return kb_body(kb, &kb->entries[entry])->node;
}

static void count_node(struct platform_count *count, uint16_t node)
{
	if (count->nodes < 2)
		count->nodes++;
	count->node = node;
}

static bool counts_beside(const struct platform_count *count, uint16_t own)
{
	return count->nodes > 1 || (count->nodes == 1 && count->node != own);
}

/* Each node of a configuration is judged once for all entries: a record of many nodes has an entry
 * for each product of each node. */
static void judge_configuration(
	const struct engine *engine, uint32_t configuration, struct platform *platform)
{
	const struct tu_kb *kb = engine->kb;
	uint32_t at = kb->configurations[configuration];
	uint32_t end = kb->configurations[configuration + 1];

	*platform = (struct platform){.judged = configuration + 1};
	while (at < end) {
		uint16_t number = node_of(kb, kb->leaves[at]);
		struct node node = {.all_hardware = true};
		enum tu_reason reason;
		bool assumed = false;

		for (; at < end && node_of(kb, kb->leaves[at]) == number; at++)
			look_at_leaf(engine, kb->leaves[at], &node);
		reason = judge_node(engine, &node, &assumed);
		if (assumed)
			count_node(&platform->assumed, number);
		if (reason == TU_WHY_OTHER_PLATFORM)
			count_node(&platform->other, number);
		else if (reason)
			count_node(&platform->unknown, number);
	}
}

enum tu_reason tu_match__platform_reason(
	struct engine *engine, const struct kb_entry *entry, bool *out_assumed)
{
	uint16_t own = kb_body(engine->kb, entry)->node;
	struct platform *platform;

	if (entry->configuration == KB_NONE)
		return TU_WHY_NONE;
	if (!engine->present && !tu_match__gather_presence(engine))
		return TU_WHY_PLATFORM_UNKNOWN;
	platform = &engine->platforms[entry->configuration % PLATFORMS_KEPT];
	if (platform->judged != entry->configuration + 1)
		judge_configuration(engine, entry->configuration, platform);
	if (counts_beside(&platform->other, own))
		return TU_WHY_OTHER_PLATFORM;
	*out_assumed |= counts_beside(&platform->assumed, own);
	return counts_beside(&platform->unknown, own) ? TU_WHY_PLATFORM_UNKNOWN : TU_WHY_NONE;
}
