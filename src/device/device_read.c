/* device.yaml: its sections, each a table of fields. The risk policy is in policy_read.c. */
#include <tutela/device.h>

#include <string.h>

#include "base/sha256.h"
#include "base/text_set.h"
#include "device/device_read.h"

#define FIELD(type, member) offsetof(struct type, member)

/* ---- references to what the file itself defines ---- */

static bool hazard_by_id(const struct tu_device *device, struct tu_str id, uint32_t *out_index)
{
	for (size_t i = 0; i < device->hazard_count; i++)
		if (tu_str_eq(device->hazards[i].id, id))
			return *out_index = (uint32_t)i, true;
	return false;
}

static bool asset_by_id(const struct tu_device *device, struct tu_str id, uint32_t *out_index)
{
	for (size_t i = 0; i < device->asset_count; i++)
		if (tu_str_eq(device->assets[i].id, id))
			return *out_index = (uint32_t)i, true;
	return false;
}

static bool interface_by_id(const struct tu_device *device, struct tu_str id, uint32_t *out_index)
{
	for (size_t i = 0; i < device->interface_count; i++)
		if (tu_str_eq(device->interfaces[i].id, id))
			return *out_index = (uint32_t)i, true;
	return false;
}

struct reference_kind {
	const char *what;
	bool (*find)(const struct tu_device *device, struct tu_str id, uint32_t *out_index);
};

static const struct reference_kind to_hazard = {"hazard", hazard_by_id};
static const struct reference_kind to_asset = {"asset", asset_by_id};
static const struct reference_kind to_interface = {"interface", interface_by_id};

static enum tu_status read_reference(struct tu_form *form, const struct tu_yaml *node,
	const struct reference_kind *kind, uint32_t *out_index)
{
	struct tu_str id;
	enum tu_status status = tu_form_text(form, node, &id);

	if (status != TU_OK || kind->find(form->context, id, out_index))
		return status;
	return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
		"there is no %s \"%.*s\" in this file", kind->what,
		TU_STR_FMT(tu_str_first(id, 60)));
}

static enum tu_status read_references(struct tu_form *form, const struct tu_yaml *node,
	const struct reference_kind *kind, const uint32_t **out_indexes, size_t *out_count)
{
	uint32_t *indexes;
	void *items;
	enum tu_status status = tu_form_list(form, node, sizeof(*indexes), &items, out_count);

	if (status != TU_OK)
		return status;
	indexes = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		status = read_reference(form, item, kind, &indexes[item->index]);
	*out_indexes = indexes;
	return status;
}

static bool is_none(const struct tu_yaml *node)
{
	return node->kind == TU_YAML_SCALAR && tu_str_ieq(node->text, TU_STR("none"));
}

/* ---- lists of maps with ids ---- */

/* How one section's items are read: their size, what they begin as, their fields, and where id and
 * place are. */
struct section {
	const char *what;
	size_t size;
	const struct tu_fields *fields;
	size_t id; /* offset of a struct tu_str; SIZE_MAX: none */
	size_t place; /* offset; SIZE_MAX: none */
};

static struct tu_str id_of(const struct section *section, const char *item)
{
	struct tu_str id;

	memcpy(&id, item + section->id, sizeof(id));
	return id;
}

static enum tu_status check_id(struct tu_form *form, const struct tu_yaml *node,
	const struct section *section, const char *item, struct tu_text_set *ids)
{
	struct tu_str id = id_of(section, item);
	bool is_new = true;

	if (id.ptr && !tu_text_set_add(ids, form->arena, id, &is_new))
		return tu_no_memory(form->err);
	return is_new
		? TU_OK
		: tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node, "a second %s \"%.*s\"",
			  section->what, TU_STR_FMT(tu_str_first(id, 60)));
}

enum { ITEMS_MAX = 5000 };

static enum tu_status read_section(struct tu_form *form, const struct tu_yaml *node,
	const struct section *section, void **out_items, size_t *out_count)
{
	struct tu_text_set ids = {0};
	char *items;
	enum tu_status status = tu_form_list(form, node, section->size, out_items, out_count);

	if (status == TU_OK && node->count > ITEMS_MAX)
		status = tu_yaml_fail(
			form->err, TU_E_LIMIT, form->file, node, "more than %d of them", ITEMS_MAX);
	items = status ? NULL : *out_items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		char *target = items + item->index * section->size;
		struct tu_place place = tu_form_place(item);

		status = tu_form_read(form, item, section->fields, target);
		if (section->place != SIZE_MAX)
			memcpy(target + section->place, &place, sizeof(place));
		if (status == TU_OK && section->id != SIZE_MAX)
			status = check_id(form, item, section, target, &ids);
	}
	return status;
}

/* A reader of one list member of struct tu_device. */
#define LIST_READER(name, section, type, member, count) \
	static enum tu_status name(struct tu_form *form, const struct tu_yaml *node, void *target) \
	{ \
		struct tu_device *device = target; \
		void *items = NULL; \
		size_t n = 0; \
		enum tu_status status = read_section(form, node, &(section), &items, &n); \
\
		if (status == TU_OK) { \
			device->member = (const struct type *)items; \
			device->count = n; \
		} \
		return status; \
	}

/* ---- variants and releases ---- */

static const struct tu_field variant_fields[] = {
	{"name", TU_FIELD_TEXT, FIELD(tu_variant, name), .needed = true},
	{"udi_di", TU_FIELD_TEXT, FIELD(tu_variant, udi_di)},
	{"model", TU_FIELD_TEXT, FIELD(tu_variant, model)},
	{"markets", TU_FIELD_TEXTS, FIELD(tu_variant, markets)},
};
static const struct tu_fields variant_form = {variant_fields, TU_COUNT(variant_fields)};
static const struct section variants = {
	"variant", sizeof(struct tu_variant), &variant_form, FIELD(tu_variant, name), SIZE_MAX};
LIST_READER(read_variants, variants, tu_variant, variants, variant_count)

static const struct tu_field release_fields[] = {
	{"version", TU_FIELD_TEXT, FIELD(tu_release, version), .needed = true},
	{"released", TU_FIELD_DATE, FIELD(tu_release, released)},
	{"support_end", TU_FIELD_DATE, FIELD(tu_release, support_end)},
	{"sbom", TU_FIELD_TEXT, FIELD(tu_release, sbom)},
	{"side_files", TU_FIELD_TEXTS, FIELD(tu_release, side_files)},
	{"variants", TU_FIELD_TEXTS, FIELD(tu_release, variants)},
	{"configuration", TU_FIELD_TEXT, FIELD(tu_release, configuration)},
	{"cpe", TU_FIELD_TEXT, FIELD(tu_release, cpe)},
	{"purl", TU_FIELD_TEXT, FIELD(tu_release, purl)},
};
static const struct tu_fields release_form = {release_fields, TU_COUNT(release_fields)};
static const struct section releases = {"release", sizeof(struct tu_release), &release_form,
	FIELD(tu_release, version), FIELD(tu_release, place)};
LIST_READER(read_releases, releases, tu_release, releases, release_count)

/* ---- hazards and assets ---- */

static enum tu_status read_severity(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_hazard *hazard = target;
	int value = 0;
	enum tu_status status = tu_form_word(form, node, &tu_words_harm, &value);

	hazard->severity = (enum tu_harm)value;
	if (status == TU_OK && hazard->severity < TU_HARM_NEGLIGIBLE)
		status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"a hazard has one of the five severities, negligible to catastrophic");
	return status;
}

static const struct tu_field hazard_fields[] = {
	{"id", TU_FIELD_TEXT, FIELD(tu_hazard, id), .needed = true},
	{"title", TU_FIELD_TEXT, FIELD(tu_hazard, title)},
	{"severity", TU_FIELD_OTHER, .needed = true, .read = read_severity},
	{"reference", TU_FIELD_TEXT, FIELD(tu_hazard, reference)},
	{"situation", TU_FIELD_TEXT, FIELD(tu_hazard, situation)},
};
static const struct tu_fields hazard_form = {hazard_fields, TU_COUNT(hazard_fields)};
static const struct section hazards = {"hazard", sizeof(struct tu_hazard), &hazard_form,
	FIELD(tu_hazard, id), FIELD(tu_hazard, place)};
LIST_READER(read_hazards, hazards, tu_hazard, hazards, hazard_count)

static const struct tu_word loss_list[] = {
	{"confidentiality", TU_LOSS_CONFIDENTIALITY},
	{"integrity", TU_LOSS_INTEGRITY},
	{"availability", TU_LOSS_AVAILABILITY},
};
static const struct tu_words losses = {loss_list, TU_COUNT(loss_list)};

static enum tu_status read_link_hazard(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_hazard_link *link = target;

	return read_reference(form, node, &to_hazard, &link->hazard);
}

static enum tu_status read_link_loss(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_hazard_link *link = target;
	enum tu_status status = TU_OK;
	int value;

	link->loss = 0;
	if (node->kind == TU_YAML_SCALAR) {
		status = tu_form_word(form, node, &losses, &value);
		link->loss = status ? 0 : (uint32_t)value;
	}
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		status = tu_form_word(form, item, &losses, &value);
		link->loss |= status ? 0 : (uint32_t)value;
	}
	if (status == TU_OK && link->loss == 0)
		status = tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"nothing that is lost leads to the hazard");
	return status;
}

static const struct tu_field link_fields[] = {
	{"hazard", TU_FIELD_OTHER, .needed = true, .read = read_link_hazard},
	{"on_loss_of", TU_FIELD_OTHER, .read = read_link_loss},
};
static const struct tu_fields link_form = {link_fields, TU_COUNT(link_fields)};

/* "overdose", or {hazard: overdose, on_loss_of: [integrity]}. */
static enum tu_status read_link(
	struct tu_form *form, const struct tu_yaml *node, struct tu_hazard_link *link)
{
	link->loss = TU_LOSS_ANY;
	if (node->kind == TU_YAML_SCALAR)
		return read_reference(form, node, &to_hazard, &link->hazard);
	return tu_form_read(form, node, &link_form, link);
}

static enum tu_status read_asset_hazards(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_asset *asset = target;
	struct tu_hazard_link *links;
	void *items;
	enum tu_status status;

	if (is_none(node)) {
		asset->harmless = true;
		return TU_OK;
	}
	status = tu_form_list(form, node, sizeof(*links), &items, &asset->hazard_count);
	if (status != TU_OK)
		return status;
	links = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		status = read_link(form, item, &links[item->index]);
	asset->hazards = links;
	return status;
}

static const struct tu_field asset_fields[] = {
	{"id", TU_FIELD_TEXT, FIELD(tu_asset, id), .needed = true},
	{"title", TU_FIELD_TEXT, FIELD(tu_asset, title)},
	{"function", TU_FIELD_WORD, FIELD(tu_asset, function), .words = &tu_words_function},
	{"privacy", TU_FIELD_WORD, FIELD(tu_asset, privacy), .words = &tu_words_privacy},
	{"hazards", TU_FIELD_OTHER, .read = read_asset_hazards},
	{"rationale", TU_FIELD_TEXT, FIELD(tu_asset, rationale)},
	{"essential", TU_FIELD_BOOL, FIELD(tu_asset, essential)},
};
static const struct tu_fields asset_form = {asset_fields, TU_COUNT(asset_fields)};
static const struct section assets = {
	"asset", sizeof(struct tu_asset), &asset_form, FIELD(tu_asset, id), FIELD(tu_asset, place)};
LIST_READER(read_assets, assets, tu_asset, assets, asset_count)

enum tu_status tu_device_read_hazards(
	struct tu_form *form, const struct tu_yaml *node, struct tu_device *device)
{
	return read_hazards(form, node, device);
}

enum tu_status tu_device_read_assets(
	struct tu_form *form, const struct tu_yaml *node, struct tu_device *device)
{
	return read_assets(form, node, device);
}

/* ---- components, interfaces, controls ---- */

static enum tu_status read_rule_selector(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_component_rule *rule = target;

	return tu_form_selector(form, node, &rule->selector);
}

static enum tu_status read_rule_assets(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_component_rule *rule = target;

	if (is_none(node)) {
		rule->no_asset = true;
		return TU_OK;
	}
	return read_references(form, node, &to_asset, &rule->assets, &rule->asset_count);
}

static const struct tu_word exposure_list[] = {{"by-interfaces", 0}, {"none", 1}};
static const struct tu_words exposures = {exposure_list, TU_COUNT(exposure_list)};

static enum tu_status read_exposure(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_component_rule *rule = target;
	int value = 0;
	enum tu_status status = tu_form_word(form, node, &exposures, &value);

	rule->unreachable = value != 0;
	return status;
}

static const struct tu_field rule_fields[] = {
	{"match", TU_FIELD_OTHER, .needed = true, .read = read_rule_selector},
	{"assets", TU_FIELD_OTHER, .read = read_rule_assets},
	{"exposure", TU_FIELD_OTHER, .read = read_exposure},
	{"rationale", TU_FIELD_TEXT, FIELD(tu_component_rule, rationale)},
};
static const struct tu_fields rule_form = {rule_fields, TU_COUNT(rule_fields)};
static const struct section rules = {"component", sizeof(struct tu_component_rule), &rule_form,
	SIZE_MAX, FIELD(tu_component_rule, place)};
LIST_READER(read_components, rules, tu_component_rule, components, component_count)

/* "10 m", "50 cm": whole numbers. */
static enum tu_status read_range(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	static const struct tu_word units[] = {{"cm", 1}, {"m", 100}, {"km", 100000}};
	static const struct tu_words words = {units, TU_COUNT(units)};
	struct tu_interface *interface = target;
	struct tu_str rest = node->text;
	struct tu_str digits = tu_str_digits(&rest);
	uint64_t number;
	int unit;

	if (node->kind != TU_YAML_SCALAR || !tu_str_to_u64(digits, 10000, &number) || !number ||
		!tu_words_find(&words, tu_str_trim(rest), &unit))
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected a distance such as 10 m or 50 cm");
	interface->range_cm = (uint32_t)number * (uint32_t)unit;
	return TU_OK;
}

static enum tu_status read_reaches(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_interface *interface = target;

	return tu_form_selectors(form, node, &interface->reaches, &interface->reach_count);
}

static const struct tu_word stated_list[] = {{"yes", TU_STATED_YES}, {"true", TU_STATED_YES},
	{"no", TU_STATED_NO}, {"false", TU_STATED_NO}};
static const struct tu_words stated = {stated_list, TU_COUNT(stated_list)};

static enum tu_status read_internet(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_interface *interface = target;
	int value = TU_STATED_NOTHING;
	enum tu_status status = tu_form_word(form, node, &stated, &value);

	interface->internet = (enum tu_stated)value;
	return status;
}

static const struct tu_field interface_fields[] = {
	{"id", TU_FIELD_TEXT, FIELD(tu_interface, id), .needed = true},
	{"title", TU_FIELD_TEXT, FIELD(tu_interface, title)},
	{"kind", TU_FIELD_WORD, FIELD(tu_interface, kind), .needed = true,
		.words = &tu_words_interface},
	{"range", TU_FIELD_OTHER, .read = read_range},
	{"disabled", TU_FIELD_BOOL, FIELD(tu_interface, disabled)},
	{"internet", TU_FIELD_OTHER, .read = read_internet},
	{"reaches", TU_FIELD_OTHER, .read = read_reaches},
};
static const struct tu_fields interface_form = {interface_fields, TU_COUNT(interface_fields)};
static const struct section interfaces = {"interface", sizeof(struct tu_interface), &interface_form,
	FIELD(tu_interface, id), FIELD(tu_interface, place)};
LIST_READER(read_interfaces, interfaces, tu_interface, interfaces, interface_count)

static const struct tu_field lower_fields[] = {
	{"exploitability", TU_FIELD_NUMBER, FIELD(tu_control, lowers_exploitability), .max = 4},
	{"harm", TU_FIELD_NUMBER, FIELD(tu_control, lowers_harm), .max = 4},
};
static const struct tu_fields lower_form = {lower_fields, TU_COUNT(lower_fields)};

static enum tu_status read_control_components(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_control *control = target;

	return tu_form_selectors(form, node, &control->components, &control->component_count);
}

static enum tu_status read_control_interfaces(
	struct tu_form *form, const struct tu_yaml *node, void *target)
{
	struct tu_control *control = target;

	return read_references(
		form, node, &to_interface, &control->interfaces, &control->interface_count);
}

static const struct tu_field control_fields[] = {
	{"id", TU_FIELD_TEXT, FIELD(tu_control, id), .needed = true},
	{"title", TU_FIELD_TEXT, FIELD(tu_control, title)},
	{"state", TU_FIELD_WORD, FIELD(tu_control, state), .words = &tu_words_control},
	/* offset 0: the form's fields are those of the control itself */
	{"lowers", TU_FIELD_FORM, 0, .fields = &lower_form},
	{"components", TU_FIELD_OTHER, .read = read_control_components},
	{"interfaces", TU_FIELD_OTHER, .read = read_control_interfaces},
	{"evidence", TU_FIELD_TEXT, FIELD(tu_control, evidence)},
};
static const struct tu_fields control_form = {control_fields, TU_COUNT(control_fields)};
static const struct section controls = {"control", sizeof(struct tu_control), &control_form,
	FIELD(tu_control, id), FIELD(tu_control, place)};
LIST_READER(read_controls, controls, tu_control, controls, control_count)

/* ---- the whole file ---- */

static const struct tu_field maker_fields[] = {
	{"name", TU_FIELD_TEXT, FIELD(tu_manufacturer, name), .needed = true},
	{"namespace", TU_FIELD_TEXT, FIELD(tu_manufacturer, namespace_)},
	{"contact", TU_FIELD_TEXT, FIELD(tu_manufacturer, contact)},
	{"isao_member", TU_FIELD_BOOL, FIELD(tu_manufacturer, isao_member)},
	{"isao", TU_FIELD_TEXT, FIELD(tu_manufacturer, isao)},
};
static const struct tu_fields maker_form = {maker_fields, TU_COUNT(maker_fields)};

static const struct tu_field lifecycle_fields[] = {
	{"state", TU_FIELD_WORD, FIELD(tu_device, lifecycle), .words = &tu_words_lifecycle},
	{"support_start", TU_FIELD_DATE, FIELD(tu_device, support_start)},
	{"limited_support", TU_FIELD_DATE, FIELD(tu_device, limited_support)},
	{"support_end", TU_FIELD_DATE, FIELD(tu_device, support_end)},
};
static const struct tu_fields lifecycle_form = {lifecycle_fields, TU_COUNT(lifecycle_fields)};

static enum tu_status read_schema(struct tu_form *form, const struct tu_yaml *node, void *target)
{
	(void)target;
	if (node->kind == TU_YAML_SCALAR && tu_str_eq(node->text, TU_STR("tutela-device/1")))
		return TU_OK;
	return tu_yaml_fail(form->err, TU_E_UNSUPPORTED, form->file, node,
		"the schema that is read is tutela-device/1");
}

static const struct tu_field device_fields[] = {
	{"schema", TU_FIELD_OTHER, .read = read_schema},
	{"manufacturer", TU_FIELD_FORM, FIELD(tu_device, manufacturer), .fields = &maker_form},
	{"family", TU_FIELD_TEXT, FIELD(tu_device, family), .needed = true},
	{"id", TU_FIELD_TEXT, FIELD(tu_device, id)},
	{"intended_use", TU_FIELD_TEXT, FIELD(tu_device, intended_use)},
	{"safety", TU_FIELD_TEXT, FIELD(tu_device, safety)},
	{"medical", TU_FIELD_BOOL, FIELD(tu_device, medical)},
	{"pma", TU_FIELD_BOOL, FIELD(tu_device, pma)},
	{"markets", TU_FIELD_TEXTS, FIELD(tu_device, markets)},
	{"us_federal_customers", TU_FIELD_BOOL, FIELD(tu_device, us_federal)},
	{"lifecycle", TU_FIELD_FORM, 0, .fields = &lifecycle_form},
	{"variants", TU_FIELD_OTHER, .read = read_variants},
	{"releases", TU_FIELD_OTHER, .read = read_releases},
	{"hazards", TU_FIELD_OTHER, .read = read_hazards},
	{"assets", TU_FIELD_OTHER, .read = read_assets},
	{"components", TU_FIELD_OTHER, .read = read_components},
	{"interfaces", TU_FIELD_OTHER, .read = read_interfaces},
	{"controls", TU_FIELD_OTHER, .read = read_controls},
	{"policy", TU_FIELD_OTHER, .read = tu_policy_read},
};
static const struct tu_fields device_form = {device_fields, TU_COUNT(device_fields)};

enum tu_stated tu_device_exposed(const struct tu_device *device)
{
	enum tu_stated exposed = device->interface_count ? TU_STATED_NO : TU_STATED_NOTHING;

	for (size_t i = 0; i < device->interface_count; i++) {
		const struct tu_interface *interface = &device->interfaces[i];

		if (interface->disabled)
			continue;
		if (interface->internet == TU_STATED_YES)
			return TU_STATED_YES;
		if (interface->internet == TU_STATED_NOTHING)
			exposed = TU_STATED_NOTHING;
	}
	return exposed;
}

static bool is_gap(char c)
{
	return c == ' ' || c == '-';
}

/* Letters and digits of ASCII in lower case, everything else one hyphen. True: something else than
 * spaces and hyphens was left out. */
static bool add_slug(struct tu_str name, struct tu_buf *out)
{
	bool gap = false, lost = false;

	for (size_t i = 0; i < name.len; i++) {
		char c = name.ptr[i];

		if (!tu_char_is_alnum(c)) {
			lost |= !is_gap(c);
			gap = out->len > 0;
			continue;
		}
		if (gap)
			tu_buf_byte(out, '-');
		gap = false;
		tu_buf_byte(out, tu_char_lower(c));
	}
	return lost;
}

/* "Larkspur IP-200" gives "larkspur-ip-200". A name of another script, or with signs that an id
 * cannot have, ends in a part of its digest: "P1" and "P1+" are two devices. */
static bool make_id(struct tu_arena *arena, struct tu_device *device)
{
	enum { DIGEST_DIGITS = 12 };
	struct tu_buf id;
	bool fine;

	tu_buf_init(&id, 1 << 20);
	device->id_digest = add_slug(device->family, &id) || !id.len;
	if (device->id_digest) {
		if (id.len)
			tu_buf_byte(&id, '-');
		tu_sha256_mark(device->family, DIGEST_DIGITS, &id);
	}
	fine = !id.failed && tu_arena_dup(arena, tu_buf_str(&id), &device->id);
	tu_buf_done(&id);
	return fine;
}

enum tu_status tu_device_read(struct tu_arena *arena, struct tu_str file, struct tu_str text,
	const struct tu_device_limits *limits, const struct tu_device **out_device,
	struct tu_error *err)
{
	static const struct tu_str markets[] = {TU_STR_INIT("US"), TU_STR_INIT("EU")};
	struct tu_yaml_limits yaml_limits = {0};
	struct tu_device *device = tu_arena_alloc(arena, sizeof(*device));
	struct tu_form form = {arena, file, err, device};
	const struct tu_yaml *root;
	enum tu_status status;

	if (!device)
		return tu_form_no_memory(&form);
	if (limits) {
		yaml_limits = (struct tu_yaml_limits){limits->bytes, limits->depth, limits->nodes};
		form.zones = limits->zones;
	}
	device->medical = true;
	device->markets = (struct tu_texts){markets, TU_COUNT(markets)};
	tu_policy_defaults(&device->policy);
	if (!tu_arena_dup(arena, file, &device->file))
		return tu_form_no_memory(&form);
	status = tu_yaml_parse(arena, file, text, &yaml_limits, &root, err);
	if (status == TU_OK)
		status = tu_form_read(&form, root, &device_form, device);
	if (status == TU_OK && !device->id.len && !make_id(arena, device))
		status = tu_form_no_memory(&form);
	if (status == TU_OK)
		*out_device = device;
	return status;
}
