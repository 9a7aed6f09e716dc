#include "sbom/references.h"

/* CycloneDX 1.6 externalReference type, or SPDX 2.3 annex F's; SPDX 3.0.1 ExternalRefType. Words
 * that only SPDX 3 has are rows of their own. */
static const struct {
	struct tu_str type;
	struct tu_str spdx3;
} rows[] = {
	{TU_STR_INIT("vcs"), TU_STR_INIT("vcs")},
	{TU_STR_INIT("issue-tracker"), TU_STR_INIT("issueTracker")},
	{TU_STR_INIT("website"), TU_STR_INIT("altWebPage")},
	{TU_STR_INIT("advisories"), TU_STR_INIT("securityAdvisory")},
	{TU_STR_INIT("mailing-list"), TU_STR_INIT("mailingList")},
	{TU_STR_INIT("social"), TU_STR_INIT("socialMedia")},
	{TU_STR_INIT("chat"), TU_STR_INIT("chat")},
	{TU_STR_INIT("documentation"), TU_STR_INIT("documentation")},
	{TU_STR_INIT("support"), TU_STR_INIT("support")},
	{TU_STR_INIT("distribution"), TU_STR_INIT("altDownloadLocation")},
	{TU_STR_INIT("license"), TU_STR_INIT("license")},
	{TU_STR_INIT("build-meta"), TU_STR_INIT("buildMeta")},
	{TU_STR_INIT("build-system"), TU_STR_INIT("buildSystem")},
	{TU_STR_INIT("release-notes"), TU_STR_INIT("releaseNotes")},
	{TU_STR_INIT("source-distribution"), TU_STR_INIT("sourceArtifact")},
	{TU_STR_INIT("quality-metrics"), TU_STR_INIT("metrics")},
	{TU_STR_INIT("certification-report"), TU_STR_INIT("certificationReport")},
	{TU_STR_INIT("component-analysis-report"), TU_STR_INIT("componentAnalysisReport")},
	{TU_STR_INIT("dynamic-analysis-report"), TU_STR_INIT("dynamicAnalysisReport")},
	{TU_STR_INIT("runtime-analysis-report"), TU_STR_INIT("runtimeAnalysisReport")},
	{TU_STR_INIT("static-analysis-report"), TU_STR_INIT("staticAnalysisReport")},
	{TU_STR_INIT("pentest-report"), TU_STR_INIT("securityPenTestReport")},
	{TU_STR_INIT("threat-model"), TU_STR_INIT("securityThreatModel")},
	{TU_STR_INIT("adversary-model"), TU_STR_INIT("securityAdversaryModel")},
	{TU_STR_INIT("risk-assessment"), TU_STR_INIT("riskAssessment")},
	{TU_STR_INIT("exploitability-statement"),
		TU_STR_INIT("vulnerabilityExploitabilityAssessment")},
	{TU_STR_INIT("vulnerability-assertion"), TU_STR_INIT("vulnerabilityDisclosureReport")},
	{TU_STR_INIT("maven-central"), TU_STR_INIT("mavenCentral")},
	{TU_STR_INIT("npm"), TU_STR_INIT("npm")},
	{TU_STR_INIT("nuget"), TU_STR_INIT("nuget")},
	{TU_STR_INIT("bower"), TU_STR_INIT("bower")},
	{TU_STR_INIT("fix"), TU_STR_INIT("securityFix")},
	{TU_STR_INIT("other"), TU_STR_INIT("other")},
	/* Another word for one above. */
	{TU_STR_INIT("advisory"), TU_STR_INIT("securityAdvisory")},
	/* SPDX 3 alone. */
	{TU_STR_INIT("binaryArtifact"), TU_STR_INIT("binaryArtifact")},
	{TU_STR_INIT("cwe"), TU_STR_INIT("cwe")},
	{TU_STR_INIT("eolNotice"), TU_STR_INIT("eolNotice")},
	{TU_STR_INIT("exportControlAssessment"), TU_STR_INIT("exportControlAssessment")},
	{TU_STR_INIT("funding"), TU_STR_INIT("funding")},
	{TU_STR_INIT("privacyAssessment"), TU_STR_INIT("privacyAssessment")},
	{TU_STR_INIT("productMetadata"), TU_STR_INIT("productMetadata")},
	{TU_STR_INIT("purchaseOrder"), TU_STR_INIT("purchaseOrder")},
	{TU_STR_INIT("qualityAssessmentReport"), TU_STR_INIT("qualityAssessmentReport")},
	{TU_STR_INIT("releaseHistory"), TU_STR_INIT("releaseHistory")},
	{TU_STR_INIT("secureSoftwareAttestation"), TU_STR_INIT("secureSoftwareAttestation")},
	{TU_STR_INIT("securityOther"), TU_STR_INIT("securityOther")},
	{TU_STR_INIT("securityPolicy"), TU_STR_INIT("securityPolicy")},
};

struct tu_str tu_sbom__spdx3_reference_word(struct tu_str type)
{
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (tu_str_eq(rows[i].type, type) || tu_str_eq(rows[i].spdx3, type))
			return rows[i].spdx3;
	}
	return (struct tu_str){"", 0};
}

struct tu_str tu_sbom__reference_of_spdx3(struct tu_str word)
{
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (tu_str_eq(rows[i].spdx3, word))
			return rows[i].type;
	}
	return word;
}
