#include "threat/read/reading.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf_over.h"
#include "device/device_read.h"
#include "threat/words.h"

enum { ITEMS_MAX = 20000 };
static const uint64_t NUMBER_MAX = UINT64_C(999999999999);

/* ---- losses ---- */

static enum tu_status lose(
	struct tu_form *form, const char *kind, struct tu_str pointer, const char *message)
{
	struct tu_reading *reading = tu_reading_of(form);
	struct tu_model_loss loss = {.kind = kind};

	if (!tu_arena_dup(form->arena, pointer, &loss.pointer) ||
		!tu_arena_dup(form->arena, tu_str_c(message), &loss.message) ||
		!TU_VEC_PUSH_IN(form->arena, &reading->losses, loss))
		return tu_form_no_memory(form);
	return TU_OK;
}

enum tu_status tu_reading_forgive(
	struct tu_form *form, const struct tu_yaml *node, enum tu_mistake mistake)
{
	bool is_key = mistake == TU_MISTAKE_KEY;

	(void)node;
	if (!is_key && tu_reading_of(form)->keys_only)
		return form->err->status;
	return lose(form, is_key ? "lost" : "question", tu_str_c(form->err->pointer),
		is_key ? "nothing here reads this key" : form->err->message);
}

enum tu_status tu_reading_lose(
	struct tu_form *form, const struct tu_yaml *node, const char *kind, const char *fmt, ...)
{
	char message[TU_ERROR_MESSAGE_MAX], text[TU_ERROR_MESSAGE_MAX];
	struct tu_buf pointer = tu_buf_over(text, sizeof(text));
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	if (node)
		tu_yaml_pointer(node, &pointer);
	return lose(form, kind, tu_buf_str(&pointer), message);
}

/* ---- sections ---- */

static void *list_of(const struct tu_reading *reading, const struct tu_section *section)
{
	void *list;

	memcpy(&list, (const char *)reading->model + section->list, sizeof(list));
	return list;
}

static enum tu_status allocate(
	struct tu_reading *reading, const struct tu_yaml *list, const struct tu_section *section)
{
	char *model = (char *)reading->model;
	size_t count = 0;
	void *items = NULL;
	enum tu_status status = tu_form_list(&reading->form, list, section->size, &items, &count);

	if (status == TU_OK && count > ITEMS_MAX)
		status = tu_yaml_fail(reading->form.err, TU_E_LIMIT, reading->form.file, list,
			"more than %d of them", ITEMS_MAX);
	if (status != TU_OK)
		return status;
	memcpy(model + section->list, &items, sizeof(items));
	memcpy(model + section->count, &count, sizeof(count));
	return TU_OK;
}

static enum tu_status declare_item(
	struct tu_reading *reading, const struct tu_yaml *item, const struct tu_section *section)
{
	const struct tu_yaml *id = tu_yaml_get(item, TU_STR("id"));
	struct tu_spot spot = {section->is_flow, (uint32_t)item->index};
	struct tu_form *form = &reading->form;
	bool is_new = true;

	if (!id || id->kind != TU_YAML_SCALAR || !tu_str_trim(id->text).len)
		return TU_OK; /* reading it says what is wrong */
	if (!tu_names_add(&reading->names[section->named], form->arena, id->text, spot, &is_new))
		return tu_form_no_memory(form);
	return is_new
		? TU_OK
		: tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, id, "\"%.*s\" names a second %s",
			  TU_STR_FMT(tu_str_first(id->text, 60)),
			  section->named == TU_NAMED_SPOT ? "element or flow" : section->what);
}

static enum tu_status declare(
	struct tu_reading *reading, const struct tu_yaml *list, const struct tu_section *section)
{
	enum tu_status status = allocate(reading, list, section);

	for (const struct tu_yaml *item = list->first; item && !status; item = item->next)
		status = declare_item(reading, item, section);
	return status;
}

static enum tu_status read_item(struct tu_reading *reading, const struct tu_yaml *item,
	const struct tu_section *section, char *target)
{
	struct tu_place place = tu_form_place(item);
	enum tu_status status;

	if (section->begin)
		section->begin(target);
	memcpy(target + section->place, &place, sizeof(place));
	status = tu_form_read(&reading->form, item, section->fields, target);
	if (status == TU_OK && section->finish)
		status = section->finish(&reading->form, item, target);
	return status;
}

/* null is a list that is not there. */
static const struct tu_yaml *find_list(const struct tu_yaml *root, const struct tu_section *section)
{
	const struct tu_yaml *list = tu_yaml_get(root, tu_str_c(section->key));

	return list && !tu_yaml_is_null(list) ? list : NULL;
}

enum tu_status tu_reading_sections(
	struct tu_reading *reading, const struct tu_yaml *root, const struct tu_sections *sections)
{
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < sections->count && !status; i++) {
		const struct tu_yaml *list = find_list(root, &sections->at[i]);

		status = list ? declare(reading, list, &sections->at[i]) : TU_OK;
	}
	for (size_t i = 0; i < sections->count && !status; i++) {
		const struct tu_section *section = &sections->at[i];
		const struct tu_yaml *list = find_list(root, section);
		char *items = list_of(reading, section);

		for (const struct tu_yaml *item = list ? list->first : NULL; item && !status;
			item = item->next)
			status = read_item(
				reading, item, section, items + item->index * section->size);
	}
	return status;
}

enum tu_status tu_reading_check_zones(struct tu_reading *reading, const struct tu_yaml *zones)
{
	const struct tu_model *model = reading->model;
	struct tu_form *form = &reading->form;

	for (const struct tu_yaml *item = zones ? zones->first : NULL; item; item = item->next) {
		size_t steps = 0;
		uint32_t at = model->zones[item->index].parent;

		while (at != TU_MODEL_NOWHERE && at != item->index && steps++ < model->zones_count)
			at = model->zones[at].parent;
		if (at == item->index)
			return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, item,
				"the zone \"%.*s\" is in itself",
				TU_STR_FMT(tu_str_first(model->zones[at].id, 60)));
	}
	return TU_OK;
}

/* ---- assets ---- */

enum tu_status tu_reading_know_assets(struct tu_reading *reading)
{
	const struct tu_model *model = reading->model;
	bool is_new;

	for (size_t i = 0; i < model->assets_count; i++)
		if (!tu_names_add(&reading->names[TU_NAMED_ASSET], reading->form.arena,
			    model->assets[i].id, (struct tu_spot){false, (uint32_t)i}, &is_new))
			return tu_form_no_memory(&reading->form);
	return TU_OK;
}

static bool wants_hazards(const struct tu_asset *asset)
{
	return asset->essential || asset->function == TU_FUNCTION_THERAPY ||
		asset->function == TU_FUNCTION_MEASUREMENT ||
		asset->function == TU_FUNCTION_ALARM ||
		asset->function == TU_FUNCTION_DOSING_CONFIGURATION;
}

/* "hazards: []" of a foreign form says that there are none, but not of what is essential: nobody
 * has said then. */
static void note_harmless(const struct tu_yaml *list, struct tu_asset *assets)
{
	for (const struct tu_yaml *item = list ? list->first : NULL; item; item = item->next) {
		const struct tu_yaml *hazards = tu_yaml_get(item, TU_STR("hazards"));

		if (hazards && hazards->kind == TU_YAML_LIST && !hazards->count &&
			!wants_hazards(&assets[item->index]))
			assets[item->index].harmless = true;
	}
}

/* A device that is read as a part of a foreign form. */
struct part {
	struct tu_device device; /* first: it is the context of the readers of devices */
	struct tu_reading *reading;
};

/* A key that nothing reads is lost; a function that device.yaml has no word for is another one; all
 * else must be right. */
static enum tu_status forgive_part(
	struct tu_form *form, const struct tu_yaml *node, enum tu_mistake mistake)
{
	struct part *part = form->context;

	if (mistake == TU_MISTAKE_KEY)
		return tu_reading_lose(
			&part->reading->form, node, "lost", "nothing here reads this key");
	if (mistake != TU_MISTAKE_VALUE || !tu_str_eq(node->key, TU_STR("function")) ||
		node->kind != TU_YAML_SCALAR)
		return form->err->status;
	return tu_reading_lose(&part->reading->form, node, "changed",
		"\"%.*s\" is no function that device.yaml knows: taken as \"other\"",
		TU_STR_FMT(tu_str_first(node->text, 60)));
}

enum tu_status tu_reading_assets(
	struct tu_reading *reading, const struct tu_yaml *hazards, const struct tu_yaml *assets)
{
	struct tu_model *model = reading->model;
	struct part part = {.reading = reading};
	struct tu_form form = reading->form;
	enum tu_status status = TU_OK;

	form.context = &part;
	form.forgive = forgive_part;
	if (hazards && !tu_yaml_is_null(hazards))
		status = tu_device_read_hazards(&form, hazards, &part.device);
	if (status == TU_OK && assets && !tu_yaml_is_null(assets)) {
		status = tu_device_read_assets(&form, assets, &part.device);
		if (status == TU_OK)
			note_harmless(assets, (struct tu_asset *)(uintptr_t)part.device.assets);
	}
	if (status != TU_OK)
		return status;
	model->hazards = part.device.hazards;
	model->hazards_count = part.device.hazard_count;
	model->assets = part.device.assets;
	model->assets_count = part.device.asset_count;
	return tu_reading_know_assets(reading);
}

/* ---- references ---- */

static const char *const named_words[TU_NAMED_COUNT_] = {"zone", "state", "asset",
	"element or flow", "control", "component", "credential", "assumption", "entry", "view"};

static enum tu_status find_spot(struct tu_form *form, const struct tu_yaml *node,
	enum tu_named named, struct tu_spot *out_spot)
{
	const struct tu_spot *spot;
	struct tu_str id;
	enum tu_status status = tu_form_text(form, node, &id);

	if (status != TU_OK)
		return status;
	spot = tu_names_find(&tu_reading_of(form)->names[named], id);
	if (!spot)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"there is no %s \"%.*s\"", named_words[named],
			TU_STR_FMT(tu_str_first(id, 60)));
	*out_spot = *spot;
	return TU_OK;
}

enum tu_status tu_reading_reference(
	struct tu_form *form, const struct tu_yaml *node, enum tu_named named, uint32_t *out_index)
{
	struct tu_spot spot = {0};
	enum tu_status status = find_spot(form, node, named, &spot);

	if (status == TU_OK)
		*out_index = spot.index;
	return status;
}

enum tu_status tu_reading_element(
	struct tu_form *form, const struct tu_yaml *node, uint32_t *out_index)
{
	struct tu_spot spot = {0};
	enum tu_status status = find_spot(form, node, TU_NAMED_SPOT, &spot);

	if (status == TU_OK && spot.is_flow)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"\"%.*s\" is a flow, not an element",
			TU_STR_FMT(tu_str_first(node->text, 60)));
	if (status == TU_OK)
		*out_index = spot.index;
	return status;
}

typedef enum tu_status read_index(
	struct tu_form *form, const struct tu_yaml *node, enum tu_named named, uint32_t *out);

static enum tu_status read_element(
	struct tu_form *form, const struct tu_yaml *node, enum tu_named named, uint32_t *out)
{
	(void)named;
	return tu_reading_element(form, node, out);
}

/* A list of references; one that is repeated counts once. */
static enum tu_status read_list(struct tu_form *form, const struct tu_yaml *node,
	enum tu_named named, read_index *read, struct tu_indexes *out)
{
	uint32_t *indexes;
	void *items;
	size_t count;
	enum tu_status status = tu_form_list(form, node, sizeof(*indexes), &items, &count);

	if (status != TU_OK)
		return status;
	indexes = items;
	count = 0;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		uint32_t index = 0;
		size_t i = 0;

		status = read(form, item, named, &index);
		while (i < count && indexes[i] != index)
			i++;
		if (status == TU_OK && i == count)
			indexes[count++] = index;
	}
	if (status == TU_OK)
		*out = (struct tu_indexes){indexes, count};
	return status;
}

enum tu_status tu_reading_references(struct tu_form *form, const struct tu_yaml *node,
	enum tu_named named, struct tu_indexes *out_indexes)
{
	return read_list(form, node, named, tu_reading_reference, out_indexes);
}

enum tu_status tu_reading_elements(
	struct tu_form *form, const struct tu_yaml *node, struct tu_indexes *out_indexes)
{
	return read_list(form, node, TU_NAMED_SPOT, read_element, out_indexes);
}

enum tu_status tu_reading_spots(
	struct tu_form *form, const struct tu_yaml *node, struct tu_spots *out_spots)
{
	struct tu_spot *spots;
	void *items;
	size_t count;
	enum tu_status status = tu_form_list(form, node, sizeof(*spots), &items, &count);

	if (status != TU_OK)
		return status;
	spots = items;
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next)
		status = find_spot(form, item, TU_NAMED_SPOT, &spots[item->index]);
	if (status == TU_OK)
		*out_spots = (struct tu_spots){spots, count};
	return status;
}

/* ---- values ---- */

enum tu_status tu_reading_number(
	struct tu_form *form, const struct tu_yaml *node, uint64_t min, uint64_t *out_number)
{
	uint64_t value = 0;

	if (node->kind == TU_YAML_SCALAR && tu_model_says_nothing(node->text))
		return TU_OK;
	if (node->kind != TU_YAML_SCALAR || !tu_str_to_u64(node->text, NUMBER_MAX, &value) ||
		value < min)
		return tu_yaml_fail(form->err, TU_E_SYNTAX, form->file, node,
			"expected a whole number from %llu to %llu", (unsigned long long)min,
			(unsigned long long)NUMBER_MAX);
	*out_number = value;
	return TU_OK;
}

enum tu_status tu_reading_word_text(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_words *words, struct tu_str *out_text)
{
	int value = 0;
	enum tu_status status = TU_OK;

	if (node->kind == TU_YAML_SCALAR && tu_model_says_nothing(node->text))
		return TU_OK;
	status = tu_form_word(form, node, words, &value);
	for (size_t i = 0; i < words->count && !status; i++)
		if (tu_words_find(&(struct tu_words){&words->at[i], 1}, node->text, &value))
			*out_text = tu_str_c(words->at[i].name);
	return status;
}

enum tu_status tu_reading_bits(struct tu_form *form, const struct tu_yaml *node,
	const struct tu_words *words, uint32_t *out_bits)
{
	uint32_t bits = 0;
	int value = 0;
	enum tu_status status = TU_OK;

	if (node->kind == TU_YAML_SCALAR && tu_model_says_nothing(node->text))
		return TU_OK;
	if (node->kind != TU_YAML_LIST) {
		status = tu_form_word(form, node, words, &value);
		bits = (uint32_t)value;
	}
	for (const struct tu_yaml *item = node->first; item && !status; item = item->next) {
		status = tu_form_word(form, item, words, &value);
		bits |= status ? 0 : (uint32_t)value;
	}
	if (status == TU_OK)
		*out_bits = bits;
	return status;
}

void tu_reading_stated(struct tu_str *text)
{
	if (tu_model_says_nothing(*text))
		*text = (struct tu_str){0};
}
