/*
 * Dates of a device and its releases as Common Lifecycle Enumeration (ECMA-428).
 *
 *   released         the release's date
 *   endOfMarketing   limited_support of device.yaml: IMDRF N70's limited support begins when a
 * device is sold no longer endOfSupport     support_end of the release, or else of the device: no
 * more fixes endOfLife        support_end of the device: N70's end of support ends everything
 *
 * What device.yaml does not state is no event. Events are numbered by what they are, the releases
 * by their order as who asks knows them, so that a new release changes no number.
 */
#include "connect/tea/tea.h"

enum { RELEASED = 1, END_OF_MARKETING, END_OF_SUPPORT, END_OF_LIFE };

static const char *const names[] = {[RELEASED] = "released",
	[END_OF_MARKETING] = "endOfMarketing",
	[END_OF_SUPPORT] = "endOfSupport",
	[END_OF_LIFE] = "endOfLife"};

struct event {
	int64_t id;
	int what;
	int64_t effective; /* seconds */
	const struct tu_offer_release *release;
};

static void write_event(struct tu_tea *tea, const struct event *event)
{
	struct tu_str version = event->release->row.version;

	tu_json_open_object(tea->json);
	tu_json_member_int(tea->json, "id", event->id);
	tu_json_member_str(tea->json, "type", tu_str_c(names[event->what]));
	tu_tea_member_time(tea, "effective", event->effective * 1000000);
	tu_tea_member_time(tea, "published", event->release->versions[0].at);
	if (event->what == RELEASED) {
		tu_json_member_str(tea->json, "version", version);
	} else {
		tu_json_key(tea->json, "versions");
		tu_json_open_array(tea->json);
		tu_json_open_object(tea->json);
		tu_json_member_str(tea->json, "version", version);
		tu_json_close_object(tea->json);
		tu_json_close_array(tea->json);
	}
	if (event->what == END_OF_SUPPORT)
		tu_json_member_str(tea->json, "supportId", TU_STR("maker"));
	tu_json_close_object(tea->json);
}

static int64_t date_of(
	const struct tu_device *model, const struct tu_release_row *release, int what)
{
	switch (what) {
	case RELEASED:
		return release->released;
	case END_OF_MARKETING:
		return model->limited_support;
	case END_OF_SUPPORT:
		return release->support_end ? release->support_end : model->support_end;
	default:
		return model->support_end;
	}
}

/* The highest number first. */
static void write_release(struct tu_tea *tea, const struct tu_device *model,
	const struct tu_offer_release *release, int64_t place)
{
	for (int what = END_OF_LIFE; what >= RELEASED; what--) {
		const struct event event = {.id = place * END_OF_LIFE + what,
			.what = what,
			.effective = date_of(model, &release->row, what),
			.release = release};

		if (event.effective)
			write_event(tea, &event);
	}
}

static void write_definitions(struct tu_tea *tea)
{
	tu_json_key(tea->json, "definitions");
	tu_json_open_object(tea->json);
	tu_json_key(tea->json, "support");
	tu_json_open_array(tea->json);
	tu_json_open_object(tea->json);
	tu_json_member_str(tea->json, "id", TU_STR("maker"));
	tu_json_member_str(tea->json, "description",
		TU_STR("Support by the maker, security updates included"));
	tu_json_close_object(tea->json);
	tu_json_close_array(tea->json);
	tu_json_close_object(tea->json);
}

/* Of one release, or of all that who asks knows. */
static enum tu_status write_dates(
	struct tu_tea *tea, const struct tu_tea_thing *thing, struct tu_error *err)
{
	struct tu_tea_model model;
	enum tu_status status = tu_tea_model(tea, thing->device, &model, err);

	if (status != TU_OK)
		return status;
	tu_json_open_object(tea->json);
	tu_json_key(tea->json, "events");
	tu_json_open_array(tea->json);
	for (size_t i = thing->device->release_count; i > 0; i--) {
		const struct tu_offer_release *release = &thing->device->releases[i - 1];

		if (!thing->release)
			write_release(tea, model.model, release, (int64_t)i - 1);
		else if (thing->release == release)
			write_release(tea, model.model, release, 0);
	}
	tu_json_close_array(tea->json);
	write_definitions(tea);
	tu_json_close_object(tea->json);
	return TU_OK;
}

static enum tu_status of_device(struct tu_tea *tea, enum tu_tea_kind kind, struct tu_error *err)
{
	struct tu_tea_thing thing;
	enum tu_status status = tu_tea_find_device(tea, kind, &thing, err);

	return status ? status : write_dates(tea, &thing, err);
}

static enum tu_status of_release(struct tu_tea *tea, enum tu_tea_kind kind, struct tu_error *err)
{
	struct tu_tea_thing thing;
	enum tu_status status = tu_tea_find_release(tea, kind, &thing, err);

	return status ? status : write_dates(tea, &thing, err);
}

TU_TEA_OPERATION(get_cle_by_product_id, of_device(tea, TU_TEA_PRODUCT, err))
TU_TEA_OPERATION(get_cle_by_component_id, of_device(tea, TU_TEA_COMPONENT, err))
TU_TEA_OPERATION(get_cle_by_product_release_id, of_release(tea, TU_TEA_PRODUCT, err))
TU_TEA_OPERATION(get_cle_by_component_release_id, of_release(tea, TU_TEA_COMPONENT, err))
