package clarifai

import "strings"

// Image is an image, specified by its URL or its bytes.
type Image struct {
	URL               string               `json:"url,omitzero"`                 // public URL from which the API downloads the file
	Base64            []byte               `json:"base64,omitzero"`              // content of the file; base64 encoding is automatic
	AllowDuplicateURL bool                 `json:"allow_duplicate_url,omitzero"` // allow a URL that another input already uses
	Hosted            *HostedURL           `json:"hosted,omitzero"`              // location of the stored file; set by the API
	ImageInfo         *ImageInfo           `json:"image_info,omitzero"`          // properties of the original image; set by the API
	HostedImageInfo   map[string]ImageInfo `json:"hosted_image_info,omitzero"`   // properties of the other sizes in Hosted.Sizes; set by the API
	DecodedBytes      []byte               `json:"decoded_bytes,omitzero"`       // for internal use by the API
}

// ImageInfo describes an image.
type ImageInfo struct {
	Width     int32  `json:"width,omitzero"`  // in pixels
	Height    int32  `json:"height,omitzero"` // in pixels
	Format    string `json:"format,omitzero"` // for example "JPEG"
	ColorMode string `json:"color_mode,omitzero"`
	Mode      string `json:"mode,omitzero"` // mode of Image.DecodedBytes, for example "RGB"
}

// HostedURL is the location of a file stored by the API.
type HostedURL struct {
	Prefix      string   `json:"prefix,omitzero"`
	Suffix      string   `json:"suffix,omitzero"`
	Sizes       []string `json:"sizes,omitzero"`
	Crossorigin string   `json:"crossorigin,omitzero"` // crossorigin attribute for HTML elements; "use-credentials" with secure data hosting
}

// URL returns the URL of the file in the given size, one of h.Sizes. It returns ""
// if h is nil.
func (h *HostedURL) URL(size string) string {
	if h == nil {
		return ""
	}
	return strings.TrimSuffix(h.Prefix, "/") + "/" + size + "/" + strings.TrimPrefix(h.Suffix, "/")
}

// Video is a video, specified by its URL or its bytes.
type Video struct {
	URL               string     `json:"url,omitzero"`    // public URL from which the API downloads the file
	Base64            []byte     `json:"base64,omitzero"` // content of the file; base64 encoding is automatic
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitzero"`
	ThumbnailURL      string     `json:"thumbnail_url,omitzero"`    // URL of the frame at 1 second; deprecated by the API: use HostedThumbnail
	Hosted            *HostedURL `json:"hosted,omitzero"`           // set by the API
	HostedThumbnail   *HostedURL `json:"hosted_thumbnail,omitzero"` // set by the API
	VideoInfo         *VideoInfo `json:"video_info,omitzero"`       // set by the API
}

// VideoInfo describes a video.
type VideoInfo struct {
	Width           int32   `json:"width,omitzero"`  // in pixels
	Height          int32   `json:"height,omitzero"` // in pixels
	FPS             float64 `json:"fps,omitzero"`    // frames per second
	VideoFormat     string  `json:"video_format,omitzero"`
	BitRate         int32   `json:"bit_rate,omitzero"`
	FrameCount      int32   `json:"frame_count,omitzero"`
	DurationSeconds float64 `json:"duration_seconds,omitzero"`
}

// Audio is an audio clip, specified by its URL or its bytes.
type Audio struct {
	URL               string     `json:"url,omitzero"`    // public URL from which the API downloads the file
	Base64            []byte     `json:"base64,omitzero"` // content of the file; base64 encoding is automatic
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitzero"`
	Hosted            *HostedURL `json:"hosted,omitzero"`     // set by the API
	AudioInfo         *AudioInfo `json:"audio_info,omitzero"` // set by the API
}

// AudioInfo describes an audio clip.
type AudioInfo struct {
	AudioFormat     string  `json:"audio_format,omitzero"`
	SampleRate      int32   `json:"sample_rate,omitzero"` // in hertz
	DurationSeconds float64 `json:"duration_seconds,omitzero"`
	BitRate         int32   `json:"bit_rate,omitzero"`
}

// Text is a piece of text, specified by its content or its URL.
type Text struct {
	Raw               string     `json:"raw,omitzero"`
	URL               string     `json:"url,omitzero"` // public URL from which the API downloads the file
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitzero"`
	Hosted            *HostedURL `json:"hosted,omitzero"`    // set by the API
	TextInfo          *TextInfo  `json:"text_info,omitzero"` // set by the API
}

// TextInfo describes a piece of text.
type TextInfo struct {
	CharCount int32  `json:"char_count,omitzero"`
	Encoding  string `json:"encoding,omitzero"`
}

// Frame is a frame of a video.
type Frame struct {
	FrameInfo *FrameInfo `json:"frame_info,omitzero"`
	Data      *Data      `json:"data,omitzero"` // data of the frame, such as regions
	ID        string     `json:"id,omitzero"`
}

// FrameInfo identifies a frame of a video.
type FrameInfo struct {
	Index  uint32 `json:"index,omitzero"`  // index in processing order; deprecated by the API: use Time
	Time   uint32 `json:"time,omitzero"`   // time from the start of the video in milliseconds
	Number uint32 `json:"number,omitzero"` // number of the frame in the original video
}

// Track is an object tracked through a video.
type Track struct {
	ID       string    `json:"id,omitzero"`
	Data     *Data     `json:"data,omitzero"`
	TimeInfo *TimeInfo `json:"time_info,omitzero"`
	Quality  float64   `json:"quality,omitzero"`
}

// TimeSegment is a segment of a video or an audio clip.
type TimeSegment struct {
	ID       string    `json:"id,omitzero"`
	Data     *Data     `json:"data,omitzero"`
	TimeInfo *TimeInfo `json:"time_info,omitzero"`
}

// TimeInfo is a time range. The API does not document the unit of BeginTime and
// EndTime.
type TimeInfo struct {
	NumFrames uint32  `json:"num_frames,omitzero"`
	BeginTime float64 `json:"begin_time,omitzero"`
	EndTime   float64 `json:"end_time,omitzero"`
}

// Part is a part of multimodal data.
type Part struct {
	Data *Data  `json:"data,omitzero"`
	ID   string `json:"id,omitzero"`
}

// NDArray is a NumPy array.
type NDArray struct {
	Buffer []byte   `json:"buffer,omitzero"` // result of array.tobytes() in NumPy
	Shape  []uint32 `json:"shape,omitzero"`
	Dtype  string   `json:"dtype,omitzero"` // for example "float32"
}
