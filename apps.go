package clarifai

import (
	"context"
	"iter"
	"time"
)

var listApps = Endpoint[App]{Operation: "ListApps"}

// ListAppsRequest selects and sorts apps. Its zero value selects all apps of the
// user.
type ListAppsRequest struct {
	PageParams
	AdditionalFields []string `url:"additional_fields,omitempty"`   // what to include beyond the usual fields: all, stars or counts
	SortBy           SortBy   `url:"sort_by,omitempty"`             // SortByName, SortByModifiedAt (the default), SortByCreatedAt, SortByStarCount, SortByID or SortByRelevance
	SortAscending    bool     `url:"sort_ascending,omitempty"`      // the default is descending order
	FeaturedOnly     bool     `url:"featured_only,omitempty"`       // only those that Clarifai features
	StarredOnly      bool     `url:"starred_only,omitempty"`        // only those that the owner of the token has starred
	TemplateOnly     bool     `url:"template_only,omitempty"`       // only templates
	Visibility       Gettable `url:"visibility.gettable,omitempty"` // only those with this visibility
	Search           string   `url:"search,omitempty"`              // only those with these words in ID, name, description or notes; the start of a word suffices
}

func (r *ListAppsRequest) validate() error {
	return r.SortBy.check(r.Search, SortByName, SortByModifiedAt, SortByCreatedAt, SortByStarCount, SortByID, SortByRelevance)
}

// ListApps returns a page of the apps of the client's user; see [Endpoint.List]
// for its bounds and errors. The client needs no app. The request may be nil.
func (c *Client) ListApps(ctx context.Context, req *ListAppsRequest) (*Page[App], error) {
	return listApps.List(ctx, c, req)
}

// ListAppsAll iterates over the apps of the client's user, as [Endpoint.All] does.
// The request may be nil.
func (c *Client) ListAppsAll(ctx context.Context, req *ListAppsRequest, opts ...IterOption) iter.Seq2[*App, error] {
	return listApps.All(ctx, c, req, opts...)
}

// GetAppRequest selects the fields of an app.
type GetAppRequest struct {
	AdditionalFields []string `url:"additional_fields,omitempty"` // what to include beyond the usual fields: all, stars or counts
}

// GetApp returns the client's app. If it does not exist, the error matches
// [ErrNotFound]. The request may be nil.
func (c *Client) GetApp(ctx context.Context, req *GetAppRequest) (*App, error) {
	return getOne[App](ctx, c, appPath, "app", req)
}

// App is an app: inputs, and the concepts, datasets, models and workflows that
// belong to them.
type App struct {
	ID                 string            `json:"id,omitzero"`                   // unique among the apps of its user
	Name               string            `json:"name,omitzero"`                 // for people
	DefaultLanguage    string            `json:"default_language,omitzero"`     // of the names of concepts, such as "en"
	DefaultWorkflowID  string            `json:"default_workflow_id,omitzero"`  // deprecated by the API; superseded by DefaultWorkflow
	DefaultWorkflow    *Workflow         `json:"default_workflow,omitzero"`     // processes every input that is added
	UserID             string            `json:"user_id,omitzero"`              // the owner; set by the API
	CreatedAt          *time.Time        `json:"created_at,omitzero"`           // set by the API
	ModifiedAt         *time.Time        `json:"modified_at,omitzero"`          // set by the API
	LegalConsentStatus uint32            `json:"legal_consent_status,omitzero"` // whether the owner agreed to the terms for face recognition
	Metadata           map[string]any    `json:"metadata,omitzero"`             // any JSON object; numbers are float64
	Description        string            `json:"description,omitzero"`          // short
	SampleMs           uint32            `json:"sample_ms,omitzero"`            // milliseconds between the frames of a video that are predicted, by default
	Visibility         *Visibility       `json:"visibility,omitzero"`           // who may read it
	DataTierID         string            `json:"data_tier_id,omitzero"`         // of the tier of storage that it uses
	IsStarred          bool              `json:"is_starred,omitzero"`           // by the owner of the token; set by the API
	StarCount          int32             `json:"star_count,omitzero"`           // users who starred the app; set by the API
	Notes              string            `json:"notes,omitzero"`                // in depth, at most 64 KB
	Image              *Image            `json:"image,omitzero"`                // represents the app
	IsTemplate         *bool             `json:"is_template,omitzero"`          // whoever can see the app can duplicate it; nil if not set
	ExtraInfo          *AppExtraInfo     `json:"extra_info,omitzero"`           // set by the API
	EmbeddingsStorage  EmbeddingsStorage `json:"embeddings_storage,omitzero"`   // the database of embeddings
}

// AppExtraInfo is what the API computes about an app.
type AppExtraInfo struct {
	// SearchRevisionMarker changes when inputs, annotations or the inputs of
	// datasets do, so cached search results are valid while it stays the same. Only
	// GetApp returns it.
	SearchRevisionMarker string `json:"search_revision_marker,omitzero"`

	Counts *AppResourceCounts `json:"counts,omitzero"` // if the additional field counts was requested
}

// AppResourceCounts is the number of resources in an app.
type AppResourceCounts struct {
	Datasets  int64 `json:"datasets,omitzero"`
	Models    int64 `json:"models,omitzero"`
	Workflows int64 `json:"workflows,omitzero"`
	Modules   int64 `json:"modules,omitzero"`
	Inputs    int64 `json:"inputs,omitzero"`
}

// EmbeddingsStorage is the database that holds the embeddings of an app.
type EmbeddingsStorage string

// The databases for embeddings. The API's default is Postgres.
const (
	EmbeddingsStoragePostgres EmbeddingsStorage = "POSTGRES"
	EmbeddingsStorageQdrant   EmbeddingsStorage = "QDRANT"
)

var embeddingsStorageNumbers = map[EmbeddingsStorage]int32{
	EmbeddingsStoragePostgres: 1,
	EmbeddingsStorageQdrant:   2,
}

// UnmarshalJSON reads a number or a name.
func (s *EmbeddingsStorage) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(s, b, embeddingsStorageNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (s EmbeddingsStorage) MarshalJSON() ([]byte, error) {
	return marshalEnum(s, embeddingsStorageNumbers)
}

// User is a user or an organization.
type User struct {
	ID             string      `json:"id,omitzero"`
	FirstName      string      `json:"first_name,omitzero"`
	LastName       string      `json:"last_name,omitzero"`
	CompanyName    string      `json:"company_name,omitzero"`
	JobTitle       string      `json:"job_title,omitzero"`
	JobRole        string      `json:"job_role,omitzero"`
	Intention      string      `json:"intention,omitzero"`       // why the user registered
	ReferralSource string      `json:"referral_source,omitzero"` // how the user learned of Clarifai
	CreatedAt      *time.Time  `json:"created_at,omitzero"`      // set by the API
	IsStarred      bool        `json:"is_starred,omitzero"`      // by the owner of the token; set by the API
	StarCount      int32       `json:"star_count,omitzero"`      // users who starred the user; set by the API
	Visibility     *Visibility `json:"visibility,omitzero"`      // who may read it
	UserDetail     *UserDetail `json:"user_detail,omitzero"`     // nil unless the token has the scope for it, or is that of the user
	Image          *Image      `json:"image,omitzero"`           // a profile picture

	// The fields that follow are deprecated by the API; UserDetail supersedes them.
	PrimaryEmail         string         `json:"primary_email,omitzero"`
	BillType             string         `json:"bill_type,omitzero"`
	DateGDPRConsent      *time.Time     `json:"date_gdpr_consent,omitzero"`
	DateTOSConsent       *time.Time     `json:"date_tos_consent,omitzero"`
	DateMarketingConsent *time.Time     `json:"date_marketing_consent,omitzero"`
	DatePIIConsent       *time.Time     `json:"date_pii_consent,omitzero"`
	Metadata             map[string]any `json:"metadata,omitzero"`
	EmailAddresses       []EmailAddress `json:"email_addresses,omitzero"`
	TwoFactorAuthEnabled bool           `json:"two_factor_auth_enabled,omitzero"`
	TeamsCount           uint32         `json:"teams_count,omitzero"`
}

// UserDetail is the personal information of a user.
type UserDetail struct {
	PrimaryEmail         string           `json:"primary_email,omitzero"`
	BillType             string           `json:"bill_type,omitzero"`              // how the user is billed
	DateGDPRConsent      *time.Time       `json:"date_gdpr_consent,omitzero"`      // when the user agreed to the processing of personal data
	DateTOSConsent       *time.Time       `json:"date_tos_consent,omitzero"`       // when the user agreed to the terms of service
	DateMarketingConsent *time.Time       `json:"date_marketing_consent,omitzero"` // when the user agreed to marketing
	DatePIIConsent       *time.Time       `json:"date_pii_consent,omitzero"`       // when the user agreed to the use of identifying data
	Metadata             map[string]any   `json:"metadata,omitzero"`               // any JSON object; numbers are float64
	EmailAddresses       []EmailAddress   `json:"email_addresses,omitzero"`
	TwoFactorAuthEnabled bool             `json:"two_factor_auth_enabled,omitzero"`
	TeamsCount           uint32           `json:"teams_count,omitzero"` // teams that the user is in
	Country              string           `json:"country,omitzero"`
	State                string           `json:"state,omitzero"`
	CommitmentValue      *CommitmentValue `json:"commitment_value,omitzero"` // what the user has agreed to spend
}

// EmailAddress is an email address of a user.
type EmailAddress struct {
	Email    string `json:"email,omitzero"`
	Primary  bool   `json:"primary,omitzero"`
	Verified bool   `json:"verified,omitzero"`
}

// CommitmentValue is what a user has agreed to spend.
type CommitmentValue struct {
	Value int32          `json:"value,omitzero"` // in cents
	Type  CommitmentType `json:"type,omitzero"`  // the period
}

// CommitmentType is the period of a commitment.
type CommitmentType string

// The periods of a commitment.
const (
	CommitmentMonthly CommitmentType = "MONTHLY"
	CommitmentAnnual  CommitmentType = "ANNUAL"
)

var commitmentTypeNumbers = map[CommitmentType]int32{
	CommitmentMonthly: 1,
	CommitmentAnnual:  2,
}

// UnmarshalJSON reads a number or a name.
func (t *CommitmentType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, commitmentTypeNumbers)
}

// MarshalJSON writes the number, as the API does, or a name that is unknown here.
func (t CommitmentType) MarshalJSON() ([]byte, error) { return marshalEnum(t, commitmentTypeNumbers) }
