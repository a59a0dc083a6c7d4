// Written by scripts/web from the folder beside it.
#include "CWeb.h"

static const unsigned char f0[] = {
#embed "files/css/base.css"
};
static const unsigned char f1[] = {
#embed "files/css/components.css"
};
static const unsigned char f2[] = {
#embed "files/css/pages.css"
};
static const unsigned char f3[] = {
#embed "files/css/tokens.css"
};
static const unsigned char f4[] = {
#embed "files/icons/icon-192.png"
};
static const unsigned char f5[] = {
#embed "files/icons/icon-32.png"
};
static const unsigned char f6[] = {
#embed "files/icons/icon-512.png"
};
static const unsigned char f7[] = {
#embed "files/icons/icon.svg"
};
static const unsigned char f8[] = {
#embed "files/index.html"
};
static const unsigned char f9[] = {
#embed "files/js/api.js"
};
static const unsigned char f10[] = {
#embed "files/js/app.js"
};
static const unsigned char f11[] = {
#embed "files/js/bring.js"
};
static const unsigned char f12[] = {
#embed "files/js/charts.js"
};
static const unsigned char f13[] = {
#embed "files/js/data.js"
};
static const unsigned char f14[] = {
#embed "files/js/dom.js"
};
static const unsigned char f15[] = {
#embed "files/js/edits.js"
};
static const unsigned char f16[] = {
#embed "files/js/filing.js"
};
static const unsigned char f17[] = {
#embed "files/js/filter.js"
};
static const unsigned char f18[] = {
#embed "files/js/format.js"
};
static const unsigned char f19[] = {
#embed "files/js/icons.js"
};
static const unsigned char f20[] = {
#embed "files/js/keys.js"
};
static const unsigned char f21[] = {
#embed "files/js/link.js"
};
static const unsigned char f22[] = {
#embed "files/js/live.js"
};
static const unsigned char f23[] = {
#embed "files/js/pages/account.js"
};
static const unsigned char f24[] = {
#embed "files/js/pages/accounts.js"
};
static const unsigned char f25[] = {
#embed "files/js/pages/activity.js"
};
static const unsigned char f26[] = {
#embed "files/js/pages/ask.js"
};
static const unsigned char f27[] = {
#embed "files/js/pages/budgets.js"
};
static const unsigned char f28[] = {
#embed "files/js/pages/cashflow.js"
};
static const unsigned char f29[] = {
#embed "files/js/pages/categories.js"
};
static const unsigned char f30[] = {
#embed "files/js/pages/inbox.js"
};
static const unsigned char f31[] = {
#embed "files/js/pages/investments.js"
};
static const unsigned char f32[] = {
#embed "files/js/pages/invitation.js"
};
static const unsigned char f33[] = {
#embed "files/js/pages/liabilities.js"
};
static const unsigned char f34[] = {
#embed "files/js/pages/link.js"
};
static const unsigned char f35[] = {
#embed "files/js/pages/missing.js"
};
static const unsigned char f36[] = {
#embed "files/js/pages/notifications.js"
};
static const unsigned char f37[] = {
#embed "files/js/pages/overview.js"
};
static const unsigned char f38[] = {
#embed "files/js/pages/recurring.js"
};
static const unsigned char f39[] = {
#embed "files/js/pages/reports.js"
};
static const unsigned char f40[] = {
#embed "files/js/pages/reset.js"
};
static const unsigned char f41[] = {
#embed "files/js/pages/rules.js"
};
static const unsigned char f42[] = {
#embed "files/js/pages/settings.js"
};
static const unsigned char f43[] = {
#embed "files/js/pages/signin.js"
};
static const unsigned char f44[] = {
#embed "files/js/pages/transactions.js"
};
static const unsigned char f45[] = {
#embed "files/js/pages/welcome.js"
};
static const unsigned char f46[] = {
#embed "files/js/settings/connections.js"
};
static const unsigned char f47[] = {
#embed "files/js/settings/currencies.js"
};
static const unsigned char f48[] = {
#embed "files/js/settings/data.js"
};
static const unsigned char f49[] = {
#embed "files/js/settings/household.js"
};
static const unsigned char f50[] = {
#embed "files/js/settings/import.js"
};
static const unsigned char f51[] = {
#embed "files/js/settings/keys.js"
};
static const unsigned char f52[] = {
#embed "files/js/settings/notifications.js"
};
static const unsigned char f53[] = {
#embed "files/js/settings/profile.js"
};
static const unsigned char f54[] = {
#embed "files/js/settings/security.js"
};
static const unsigned char f55[] = {
#embed "files/js/settings/sharing.js"
};
static const unsigned char f56[] = {
#embed "files/js/settings/webhooks.js"
};
static const unsigned char f57[] = {
#embed "files/js/shell.js"
};
static const unsigned char f58[] = {
#embed "files/js/store.js"
};
static const unsigned char f59[] = {
#embed "files/js/texts.js"
};
static const unsigned char f60[] = {
#embed "files/js/texts/de.js"
};
static const unsigned char f61[] = {
#embed "files/js/texts/de.names.js"
};
static const unsigned char f62[] = {
#embed "files/js/texts/en.js"
};
static const unsigned char f63[] = {
#embed "files/js/ui/alike.js"
};
static const unsigned char f64[] = {
#embed "files/js/ui/arrivals.js"
};
static const unsigned char f65[] = {
#embed "files/js/ui/askbank.js"
};
static const unsigned char f66[] = {
#embed "files/js/ui/byhand.js"
};
static const unsigned char f67[] = {
#embed "files/js/ui/detail.js"
};
static const unsigned char f68[] = {
#embed "files/js/ui/dialog.js"
};
static const unsigned char f69[] = {
#embed "files/js/ui/erasing.js"
};
static const unsigned char f70[] = {
#embed "files/js/ui/filterdialog.js"
};
static const unsigned char f71[] = {
#embed "files/js/ui/form.js"
};
static const unsigned char f72[] = {
#embed "files/js/ui/health.js"
};
static const unsigned char f73[] = {
#embed "files/js/ui/list.js"
};
static const unsigned char f74[] = {
#embed "files/js/ui/more.js"
};
static const unsigned char f75[] = {
#embed "files/js/ui/outside.js"
};
static const unsigned char f76[] = {
#embed "files/js/ui/palette.js"
};
static const unsigned char f77[] = {
#embed "files/js/ui/picker.js"
};
static const unsigned char f78[] = {
#embed "files/js/ui/picture.js"
};
static const unsigned char f79[] = {
#embed "files/js/ui/plans.js"
};
static const unsigned char f80[] = {
#embed "files/js/ui/proof.js"
};
static const unsigned char f81[] = {
#embed "files/js/ui/rows.js"
};
static const unsigned char f82[] = {
#embed "files/js/ui/ruleform.js"
};
static const unsigned char f83[] = {
#embed "files/js/ui/sankey.js"
};
static const unsigned char f84[] = {
#embed "files/js/ui/spark.js"
};
static const unsigned char f85[] = {
#embed "files/js/ui/splitdialog.js"
};
static const unsigned char f86[] = {
#embed "files/js/ui/states.js"
};
static const unsigned char f87[] = {
#embed "files/js/ui/tagdialog.js"
};
static const unsigned char f88[] = {
#embed "files/js/ui/toast.js"
};
static const unsigned char f89[] = {
#embed "files/js/ui/viewsdialog.js"
};
static const unsigned char f90[] = {
#embed "files/js/ui/waitingdialog.js"
};
static const unsigned char f91[] = {
#embed "files/js/waiting.js"
};
static const unsigned char f92[] = {
#embed "files/manifest.webmanifest"
};
static const unsigned char f93[] = {
#embed "files/sw.js"
};
#if __has_embed("files/vendor/chart.min.js") == __STDC_EMBED_FOUND__
static const unsigned char v0[] = {
#embed "files/vendor/chart.min.js"
};
#define HAS_V0 1
#endif
#if __has_embed("files/vendor/chart.LICENSE.txt") == __STDC_EMBED_FOUND__
static const unsigned char v1[] = {
#embed "files/vendor/chart.LICENSE.txt"
};
#define HAS_V1 1
#endif

static const struct cweb_file files[] = {
  {"css/base.css", f0, sizeof f0},
  {"css/components.css", f1, sizeof f1},
  {"css/pages.css", f2, sizeof f2},
  {"css/tokens.css", f3, sizeof f3},
  {"icons/icon-192.png", f4, sizeof f4},
  {"icons/icon-32.png", f5, sizeof f5},
  {"icons/icon-512.png", f6, sizeof f6},
  {"icons/icon.svg", f7, sizeof f7},
  {"index.html", f8, sizeof f8},
  {"js/api.js", f9, sizeof f9},
  {"js/app.js", f10, sizeof f10},
  {"js/bring.js", f11, sizeof f11},
  {"js/charts.js", f12, sizeof f12},
  {"js/data.js", f13, sizeof f13},
  {"js/dom.js", f14, sizeof f14},
  {"js/edits.js", f15, sizeof f15},
  {"js/filing.js", f16, sizeof f16},
  {"js/filter.js", f17, sizeof f17},
  {"js/format.js", f18, sizeof f18},
  {"js/icons.js", f19, sizeof f19},
  {"js/keys.js", f20, sizeof f20},
  {"js/link.js", f21, sizeof f21},
  {"js/live.js", f22, sizeof f22},
  {"js/pages/account.js", f23, sizeof f23},
  {"js/pages/accounts.js", f24, sizeof f24},
  {"js/pages/activity.js", f25, sizeof f25},
  {"js/pages/ask.js", f26, sizeof f26},
  {"js/pages/budgets.js", f27, sizeof f27},
  {"js/pages/cashflow.js", f28, sizeof f28},
  {"js/pages/categories.js", f29, sizeof f29},
  {"js/pages/inbox.js", f30, sizeof f30},
  {"js/pages/investments.js", f31, sizeof f31},
  {"js/pages/invitation.js", f32, sizeof f32},
  {"js/pages/liabilities.js", f33, sizeof f33},
  {"js/pages/link.js", f34, sizeof f34},
  {"js/pages/missing.js", f35, sizeof f35},
  {"js/pages/notifications.js", f36, sizeof f36},
  {"js/pages/overview.js", f37, sizeof f37},
  {"js/pages/recurring.js", f38, sizeof f38},
  {"js/pages/reports.js", f39, sizeof f39},
  {"js/pages/reset.js", f40, sizeof f40},
  {"js/pages/rules.js", f41, sizeof f41},
  {"js/pages/settings.js", f42, sizeof f42},
  {"js/pages/signin.js", f43, sizeof f43},
  {"js/pages/transactions.js", f44, sizeof f44},
  {"js/pages/welcome.js", f45, sizeof f45},
  {"js/settings/connections.js", f46, sizeof f46},
  {"js/settings/currencies.js", f47, sizeof f47},
  {"js/settings/data.js", f48, sizeof f48},
  {"js/settings/household.js", f49, sizeof f49},
  {"js/settings/import.js", f50, sizeof f50},
  {"js/settings/keys.js", f51, sizeof f51},
  {"js/settings/notifications.js", f52, sizeof f52},
  {"js/settings/profile.js", f53, sizeof f53},
  {"js/settings/security.js", f54, sizeof f54},
  {"js/settings/sharing.js", f55, sizeof f55},
  {"js/settings/webhooks.js", f56, sizeof f56},
  {"js/shell.js", f57, sizeof f57},
  {"js/store.js", f58, sizeof f58},
  {"js/texts.js", f59, sizeof f59},
  {"js/texts/de.js", f60, sizeof f60},
  {"js/texts/de.names.js", f61, sizeof f61},
  {"js/texts/en.js", f62, sizeof f62},
  {"js/ui/alike.js", f63, sizeof f63},
  {"js/ui/arrivals.js", f64, sizeof f64},
  {"js/ui/askbank.js", f65, sizeof f65},
  {"js/ui/byhand.js", f66, sizeof f66},
  {"js/ui/detail.js", f67, sizeof f67},
  {"js/ui/dialog.js", f68, sizeof f68},
  {"js/ui/erasing.js", f69, sizeof f69},
  {"js/ui/filterdialog.js", f70, sizeof f70},
  {"js/ui/form.js", f71, sizeof f71},
  {"js/ui/health.js", f72, sizeof f72},
  {"js/ui/list.js", f73, sizeof f73},
  {"js/ui/more.js", f74, sizeof f74},
  {"js/ui/outside.js", f75, sizeof f75},
  {"js/ui/palette.js", f76, sizeof f76},
  {"js/ui/picker.js", f77, sizeof f77},
  {"js/ui/picture.js", f78, sizeof f78},
  {"js/ui/plans.js", f79, sizeof f79},
  {"js/ui/proof.js", f80, sizeof f80},
  {"js/ui/rows.js", f81, sizeof f81},
  {"js/ui/ruleform.js", f82, sizeof f82},
  {"js/ui/sankey.js", f83, sizeof f83},
  {"js/ui/spark.js", f84, sizeof f84},
  {"js/ui/splitdialog.js", f85, sizeof f85},
  {"js/ui/states.js", f86, sizeof f86},
  {"js/ui/tagdialog.js", f87, sizeof f87},
  {"js/ui/toast.js", f88, sizeof f88},
  {"js/ui/viewsdialog.js", f89, sizeof f89},
  {"js/ui/waitingdialog.js", f90, sizeof f90},
  {"js/waiting.js", f91, sizeof f91},
  {"manifest.webmanifest", f92, sizeof f92},
  {"sw.js", f93, sizeof f93},
#ifdef HAS_V0
  {"vendor/chart.min.js", v0, sizeof v0},
#endif
#ifdef HAS_V1
  {"vendor/chart.LICENSE.txt", v1, sizeof v1},
#endif
};

const size_t cweb_count = sizeof files / sizeof files[0];
struct cweb_file cweb_file_at(size_t index) { return files[index]; }
