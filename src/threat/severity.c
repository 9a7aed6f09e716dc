/* Severity: the worst hazard that an asset of the place has on the property that is lost. */
#include "threat/weight.h"

uint32_t tu_stride_loss(char stride)
{
	switch (stride) {
	case 'S':
	case 'T':
	case 'E':
		return TU_LOSS_INTEGRITY;
	case 'I':
		return TU_LOSS_CONFIDENTIALITY;
	case 'D':
		return TU_LOSS_AVAILABILITY;
	default:
		return 0;
	}
}

struct tu_indexes tu_spot_assets(const struct tu_model *model, struct tu_spot spot)
{
	return spot.is_flow ? model->flows[spot.index].assets : model->elements[spot.index].assets;
}

bool tu_spot_assets_stated(const struct tu_model *model, struct tu_spot spot)
{
	return spot.is_flow ? model->flows[spot.index].assets_stated
			    : model->elements[spot.index].assets_stated;
}

static enum tu_harm worse(enum tu_harm a, enum tu_harm b)
{
	return a > b ? a : b;
}

/* An asset whose hazards nobody has stated makes the severity unknown, unless it cannot be worse;
 * so does a place of which nobody has stated what is there.
 * An audit trail or a display of no function that is essential has none to state. */
enum tu_harm tu_spot_harm(const struct tu_model *model, struct tu_spot spot, uint32_t loss)
{
	struct tu_indexes assets = tu_spot_assets(model, spot);
	enum tu_harm worst = TU_HARM_NONE;
	bool unknown = !tu_spot_assets_stated(model, spot);

	for (size_t i = 0; i < assets.count; i++) {
		const struct tu_asset *asset = &model->assets[assets.at[i]];

		unknown |= !asset->hazard_count && !asset->harmless;
		for (size_t h = 0; h < asset->hazard_count; h++) {
			const struct tu_hazard_link *link = &asset->hazards[h];
			enum tu_harm harm = model->hazards[link->hazard].severity;

			if (!(link->loss & loss))
				continue;
			unknown |= harm == TU_HARM_UNKNOWN;
			worst = worse(worst, harm);
		}
	}
	return unknown && worst < TU_HARM_CATASTROPHIC ? TU_HARM_UNKNOWN : worst;
}

enum tu_privacy tu_spot_privacy(const struct tu_model *model, struct tu_spot spot)
{
	struct tu_indexes assets = tu_spot_assets(model, spot);
	enum tu_privacy worst = TU_PRIVACY_NONE;
	bool unknown = !tu_spot_assets_stated(model, spot);

	for (size_t i = 0; i < assets.count; i++) {
		enum tu_privacy privacy = model->assets[assets.at[i]].privacy;

		unknown |= privacy == TU_PRIVACY_UNKNOWN;
		worst = privacy > worst ? privacy : worst;
	}
	return unknown && worst < TU_PRIVACY_SERIOUS ? TU_PRIVACY_UNKNOWN : worst;
}
