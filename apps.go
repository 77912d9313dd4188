package clarifai

import (
	"context"
	"iter"
	"time"
)

var listApps = Endpoint[App]{Operation: "ListApps"}

// ListAppsRequest selects and sorts apps. The zero value selects all apps of the
// user.
type ListAppsRequest struct {
	PageParams
	AdditionalFields []string `url:"additional_fields,omitempty"`   // additional fields to return: all, stars or counts
	SortBy           SortBy   `url:"sort_by,omitempty"`             // SortByName, SortByModifiedAt (the default), SortByCreatedAt, SortByStarCount, SortByID or SortByRelevance
	SortAscending    bool     `url:"sort_ascending,omitempty"`      // sort in ascending order; the default is descending
	FeaturedOnly     bool     `url:"featured_only,omitempty"`       // only apps featured by Clarifai
	StarredOnly      bool     `url:"starred_only,omitempty"`        // only apps that the owner of the token has starred
	TemplateOnly     bool     `url:"template_only,omitempty"`       // only templates
	Visibility       Gettable `url:"visibility.gettable,omitempty"` // only apps with this visibility
	Search           string   `url:"search,omitempty"`              // keywords to search for in ID, name, description or notes; prefixes match
}

func (r *ListAppsRequest) validate() error {
	return r.SortBy.check(r.Search, SortByName, SortByModifiedAt, SortByCreatedAt, SortByStarCount, SortByID, SortByRelevance)
}

// ListApps returns a page of the apps of the client's user. See [Endpoint.List] for
// limits and errors. The client does not need an app ID. The request may be nil.
func (c *Client) ListApps(ctx context.Context, req *ListAppsRequest) (*Page[App], error) {
	return listApps.List(ctx, c, req)
}

// ListAppsAll returns an iterator over the apps of the client's user; see
// [Endpoint.All]. The request may be nil.
func (c *Client) ListAppsAll(ctx context.Context, req *ListAppsRequest, opts ...IterOption) iter.Seq2[*App, error] {
	return listApps.All(ctx, c, req, opts...)
}

// GetAppRequest selects the fields to return.
type GetAppRequest struct {
	AdditionalFields []string `url:"additional_fields,omitempty"` // additional fields to return: all, stars or counts
}

// GetApp returns the client's app. If it does not exist, the error matches
// [ErrNotFound]. The request may be nil.
func (c *Client) GetApp(ctx context.Context, req *GetAppRequest) (*App, error) {
	return getOne[App](ctx, c, appPath, "app", req)
}

// App is an app: a collection of inputs, concepts, datasets, models and workflows.
type App struct {
	ID                 string            `json:"id,omitzero"`                   // unique among the apps of the user
	Name               string            `json:"name,omitzero"`                 // display name
	DefaultLanguage    string            `json:"default_language,omitzero"`     // default language of concept names, such as "en"
	DefaultWorkflowID  string            `json:"default_workflow_id,omitzero"`  // deprecated by the API: use DefaultWorkflow
	DefaultWorkflow    *Workflow         `json:"default_workflow,omitzero"`     // workflow that processes every added input
	UserID             string            `json:"user_id,omitzero"`              // ID of the owner; set by the API
	CreatedAt          *time.Time        `json:"created_at,omitempty"`          // set by the API
	ModifiedAt         *time.Time        `json:"modified_at,omitempty"`         // set by the API
	LegalConsentStatus uint32            `json:"legal_consent_status,omitzero"` // whether the owner accepted the terms for face recognition
	Metadata           map[string]any    `json:"metadata,omitzero"`             // any JSON object; numbers are float64
	Description        string            `json:"description,omitzero"`          // short description
	SampleMs           uint32            `json:"sample_ms,omitzero"`            // default interval between the frames of a video that are used for predictions, in milliseconds
	Visibility         *Visibility       `json:"visibility,omitzero"`           // who can read it
	DataTierID         string            `json:"data_tier_id,omitzero"`         // ID of the app's data tier
	IsStarred          bool              `json:"is_starred,omitzero"`           // whether the owner of the token has starred it; set by the API
	StarCount          int32             `json:"star_count,omitzero"`           // number of users who starred the app; set by the API
	Notes              string            `json:"notes,omitzero"`                // detailed notes, at most 64 KB
	Image              *Image            `json:"image,omitzero"`                // picture of the app
	IsTemplate         *bool             `json:"is_template,omitzero"`          // whether any user who can see the app can duplicate it; nil if not set
	ExtraInfo          *AppExtraInfo     `json:"extra_info,omitzero"`           // set by the API
	EmbeddingsStorage  EmbeddingsStorage `json:"embeddings_storage,omitzero"`   // database that stores the embeddings
}

// AppExtraInfo holds values that the API computes about an app.
type AppExtraInfo struct {
	// SearchRevisionMarker changes whenever the inputs, the annotations or the
	// contents of the datasets change. Cached search results are valid until it changes.
	// Only GetApp returns it.
	SearchRevisionMarker string `json:"search_revision_marker,omitzero"`

	Counts *AppResourceCounts `json:"counts,omitzero"` // set if AdditionalFields of the request includes "counts"
}

// AppResourceCounts holds the number of resources of each kind in an app.
type AppResourceCounts struct {
	Datasets  int64 `json:"datasets,omitzero"`
	Models    int64 `json:"models,omitzero"`
	Workflows int64 `json:"workflows,omitzero"`
	Modules   int64 `json:"modules,omitzero"`
	Inputs    int64 `json:"inputs,omitzero"`
}

// EmbeddingsStorage is the database that stores the embeddings of an app.
type EmbeddingsStorage string

// The databases for embeddings. The API defaults to Postgres.
const (
	EmbeddingsStoragePostgres EmbeddingsStorage = "POSTGRES"
	EmbeddingsStorageQdrant   EmbeddingsStorage = "QDRANT"
)

var embeddingsStorageNumbers = map[EmbeddingsStorage]int32{
	EmbeddingsStoragePostgres: 1,
	EmbeddingsStorageQdrant:   2,
}

// UnmarshalJSON decodes a number or a name.
func (s *EmbeddingsStorage) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(s, b, embeddingsStorageNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
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
	Intention      string      `json:"intention,omitzero"`       // reason for registering
	ReferralSource string      `json:"referral_source,omitzero"` // how the user learned of Clarifai
	CreatedAt      *time.Time  `json:"created_at,omitempty"`     // set by the API
	IsStarred      bool        `json:"is_starred,omitzero"`      // whether the owner of the token has starred the user; set by the API
	StarCount      int32       `json:"star_count,omitzero"`      // number of users who starred the user; set by the API
	Visibility     *Visibility `json:"visibility,omitzero"`      // who can see the user
	UserDetail     *UserDetail `json:"user_detail,omitzero"`     // nil unless the token has the required scope or belongs to the user
	Image          *Image      `json:"image,omitzero"`           // profile picture

	// The API has deprecated the following fields. Use UserDetail instead.
	PrimaryEmail         string         `json:"primary_email,omitzero"`
	BillType             string         `json:"bill_type,omitzero"`
	DateGDPRConsent      *time.Time     `json:"date_gdpr_consent,omitempty"`
	DateTOSConsent       *time.Time     `json:"date_tos_consent,omitempty"`
	DateMarketingConsent *time.Time     `json:"date_marketing_consent,omitempty"`
	DatePIIConsent       *time.Time     `json:"date_pii_consent,omitempty"`
	Metadata             map[string]any `json:"metadata,omitzero"`
	EmailAddresses       []EmailAddress `json:"email_addresses,omitzero"`
	TwoFactorAuthEnabled bool           `json:"two_factor_auth_enabled,omitzero"`
	TeamsCount           uint32         `json:"teams_count,omitzero"`
}

// UserDetail holds the personal information of a user.
type UserDetail struct {
	PrimaryEmail         string           `json:"primary_email,omitzero"`
	BillType             string           `json:"bill_type,omitzero"`               // billing type
	DateGDPRConsent      *time.Time       `json:"date_gdpr_consent,omitempty"`      // when the user consented to the processing of personal data
	DateTOSConsent       *time.Time       `json:"date_tos_consent,omitempty"`       // when the user accepted the terms of service
	DateMarketingConsent *time.Time       `json:"date_marketing_consent,omitempty"` // when the user consented to marketing
	DatePIIConsent       *time.Time       `json:"date_pii_consent,omitempty"`       // when the user consented to the use of personally identifiable information
	Metadata             map[string]any   `json:"metadata,omitzero"`                // any JSON object; numbers are float64
	EmailAddresses       []EmailAddress   `json:"email_addresses,omitzero"`
	TwoFactorAuthEnabled bool             `json:"two_factor_auth_enabled,omitzero"`
	TeamsCount           uint32           `json:"teams_count,omitzero"` // number of teams that the user is a member of
	Country              string           `json:"country,omitzero"`
	State                string           `json:"state,omitzero"`
	CommitmentValue      *CommitmentValue `json:"commitment_value,omitzero"` // spending commitment
}

// EmailAddress is an email address of a user.
type EmailAddress struct {
	Email    string `json:"email,omitzero"`
	Primary  bool   `json:"primary,omitzero"`
	Verified bool   `json:"verified,omitzero"`
}

// CommitmentValue is the amount that a user has committed to spend.
type CommitmentValue struct {
	Value int32          `json:"value,omitzero"` // amount in cents
	Type  CommitmentType `json:"type,omitzero"`  // period of the commitment
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

// UnmarshalJSON decodes a number or a name.
func (t *CommitmentType) UnmarshalJSON(b []byte) error {
	return unmarshalEnum(t, b, commitmentTypeNumbers)
}

// MarshalJSON encodes the value as its number, or as its name if the number is unknown.
func (t CommitmentType) MarshalJSON() ([]byte, error) { return marshalEnum(t, commitmentTypeNumbers) }
