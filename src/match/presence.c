/* Which products the inventory contains, for records that need a platform. */
#include "base/alloc.h"
#include "ident/distro.h"
#include "match/engine.h"

#define SCRATCH_MAX ((size_t)1 << 30)
#define KEYS_MAX ((size_t)1 << 30)

static bool add_present(struct engine *e, struct tu_str vendor, struct tu_str product)
{
	char *key = tu_arena_text(e->scratch, vendor.len + 1 + product.len);
	uint32_t ignored;

	if (!key)
		return false;
	if (vendor.len)
		memcpy(key, vendor.ptr, vendor.len);
	key[vendor.len] = '\0';
	if (product.len)
		memcpy(key + vendor.len + 1, product.ptr, product.len);
	return tu_intern_add(e->present, tu_str_of(key, vendor.len + 1 + product.len), &ignored);
}

static bool add_linux(struct engine *e)
{
	e->os_known = true;
	return add_present(e, TU_STR("linux"), TU_STR("linux_kernel"));
}

static bool add_cpe_presence(struct engine *e, const struct tu_cpe *cpe)
{
	struct tu_str vendor = cpe->attr[TU_CPE_VENDOR];
	struct tu_str product = cpe->attr[TU_CPE_PRODUCT];

	e->os_known |= tu_match__is_system(vendor, product);
	if (tu_match__is_distribution(vendor, product) && !add_linux(e))
		return false;
	return add_present(e, vendor, product);
}

static bool add_name_presence(struct engine *e, const struct kb_name *name)
{
	struct tu_str vendor = kb_str(e->kb, name->vendor);
	struct tu_str product = kb_str(e->kb, name->product);

	if (tu_str_eq(vendor, TU_STR("linux")) && tu_str_eq(product, TU_STR("linux_kernel")))
		return add_linux(e);
	return add_present(e, vendor, product);
}

/* An operating system by its name: a distribution, or one that says that it is Linux. */
static bool add_system(struct engine *e, const struct tu_component *component)
{
	struct tu_str spelled;

	if (component->kind != TU_KIND_OPERATING_SYSTEM)
		return true;
	if (!tu_distro_spell(e->scratch, component->name, &spelled))
		return false;
	return (!tu_distro_is_known(tu_distro_word(spelled)) &&
		       tu_str_isearch(component->name, TU_STR("linux")) == component->name.len) ||
		add_linux(e);
}

bool tu_match__add_presence(struct engine *e, const struct identity *id)
{
	if (!add_system(e, id->component))
		return false;
	for (size_t i = 0; i < id->cpe_count; i++) {
		if (!add_cpe_presence(e, &id->cpes[i].name))
			return false;
	}
	if (id->class != ID_PLAIN)
		return true;
	if (tu_match__names_vendor_kernel(id) && !add_linux(e))
		return false;
	for (size_t i = 0; i < id->plain_name_count; i++) {
		struct kb_slice names = tu_kb__find_name(e->kb, id->plain_names[i]);

		for (uint32_t k = names.first; k < names.end; k++) {
			if (!add_name_presence(e, &e->kb->names[k]))
				return false;
		}
	}
	return true;
}

static bool add_component(struct engine *e, size_t component)
{
	struct identity id;

	tu_arena_reset(e->scratch);
	return tu_match__identify_products(e->scratch, &e->inventory->components[component], &id) &&
		tu_match__add_presence(e, &id);
}

static bool add_components(struct engine *e)
{
	size_t count = e->distinct ? e->distinct_count : e->inventory->component_count;

	for (size_t i = 0; i < count; i++) {
		if (!add_component(e, e->distinct ? e->distinct[i].first : i))
			return false;
	}
	return true;
}

bool tu_match__gather_presence(struct engine *e)
{
	struct tu_arena *own = e->scratch; /* that of the component at hand */
	bool ok;

	e->scratch = tu_arena_new(SCRATCH_MAX);
	e->present = tu_intern_new(KEYS_MAX);
	ok = e->scratch && e->present && add_components(e);
	tu_arena_free(e->scratch);
	e->scratch = own;
	/* who asks has no way to fail: the whole match does, as memory was refused */
	return ok || tu_alloc_refuse() != NULL;
}
