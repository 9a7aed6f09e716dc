/* Questions to a device. */
#include <tutela/device.h>

size_t tu_device_release(const struct tu_device *device, struct tu_str version)
{
	for (size_t i = 0; i < device->release_count; i++)
		if (tu_str_eq(device->releases[i].version, version))
			return i;
	return TU_NO_RELEASE;
}

size_t tu_device_band(const struct tu_device *device, struct tu_str name)
{
	const struct tu_risk_policy *policy = &device->policy;
	size_t band = 0;

	while (band < policy->band_count && !tu_str_ieq(policy->bands[band].name, name))
		band++;
	return band;
}

size_t tu_device_band_of_level(const struct tu_device *device, uint32_t level)
{
	const struct tu_risk_policy *policy = &device->policy;
	size_t band = policy->band_count;

	while (band > 0 && policy->bands[band - 1].from > level)
		band--;
	return band ? band - 1 : policy->band_count;
}

enum tu_risk tu_device_risk(const struct tu_device *device, size_t band, enum tu_harm harm)
{
	if (harm == TU_HARM_NONE)
		return TU_RISK_CONTROLLED;
	if (harm < TU_HARM_NEGLIGIBLE || harm > TU_HARM_CATASTROPHIC ||
		band >= device->policy.band_count)
		return TU_RISK_UNDECIDED;
	return device->policy.matrix[band][harm - TU_HARM_NEGLIGIBLE];
}

enum tu_harm tu_device_worst_harm(const struct tu_device *device)
{
	enum tu_harm worst = TU_HARM_UNKNOWN;

	for (size_t i = 0; i < device->hazard_count; i++)
		if (device->hazards[i].severity > worst)
			worst = device->hazards[i].severity;
	return worst == TU_HARM_UNKNOWN ? TU_HARM_CATASTROPHIC : worst;
}

enum tu_privacy tu_device_worst_privacy(const struct tu_device *device)
{
	enum tu_privacy worst = TU_PRIVACY_UNKNOWN;

	for (size_t i = 0; i < device->asset_count; i++) {
		if (device->assets[i].privacy == TU_PRIVACY_UNKNOWN)
			return TU_PRIVACY_SERIOUS;
		if (device->assets[i].privacy > worst)
			worst = device->assets[i].privacy;
	}
	return worst == TU_PRIVACY_UNKNOWN ? TU_PRIVACY_SERIOUS : worst;
}
