/*
 * Any text as device.yaml: reading never crashes, a refusal has words and a place, what is read is
 * consistent, can be checked, and its clocks can be run.
 */
#include <stdlib.h>

#include <tutela/deadline.h>
#include <tutela/device.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ARENA_MAX = 64 << 20 };

static void demand(bool holds)
{
	if (!holds)
		abort();
}

static void demand_indexes(const struct tu_device *device)
{
	for (size_t i = 0; i < device->asset_count; i++)
		for (size_t k = 0; k < device->assets[i].hazard_count; k++)
			demand(device->assets[i].hazards[k].hazard < device->hazard_count);
	for (size_t i = 0; i < device->component_count; i++)
		for (size_t k = 0; k < device->components[i].asset_count; k++)
			demand(device->components[i].assets[k] < device->asset_count);
	for (size_t i = 0; i < device->control_count; i++)
		for (size_t k = 0; k < device->controls[i].interface_count; k++)
			demand(device->controls[i].interfaces[k] < device->interface_count);
	for (uint32_t level = 1; level <= TU_EXPLOIT_LEVELS; level++)
		demand(tu_device_band_of_level(device, level) < device->policy.band_count);
}

static void use(struct tu_arena *arena, const struct tu_device *device)
{
	const struct tu_lint_input input = {.device = device, .at = 1};
	const struct tu_deadline_case c = {
		.risk = TU_RISK_UNCONTROLLED, .exploited = true, .learned = 1};
	struct tu_lints lints;
	struct tu_deadlines clocks;
	struct tu_error err = {0};

	demand_indexes(device);
	if (tu_device_lint(arena, &input, &lints, &err) == TU_OK)
		for (size_t i = 0; i < lints.count; i++)
			demand(lints.at[i].message.len > 0);
	if (tu_deadlines_run(arena, device, &c, INT64_C(1800000000), &clocks, &err) == TU_OK)
		for (size_t i = 0; i < clocks.count; i++)
			demand(!clocks.at[i].start || clocks.at[i].due >= clocks.at[i].start);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tu_arena *arena = tu_arena_new(ARENA_MAX);
	const struct tu_device *device = NULL;
	struct tu_error err = {0};
	enum tu_status status;

	if (!arena)
		return 0;
	status = tu_device_read(arena, TU_STR("device.yaml"), tu_str_of((const char *)data, size),
		NULL, &device, &err);
	demand((status == TU_OK) == (device != NULL));
	if (device)
		use(arena, device);
	else
		demand(err.status == status && err.message[0]);
	tu_arena_free(arena);
	return 0;
}
