package clarifai

// Image is an image, given by its URL or by its bytes.
type Image struct {
	URL               string               `json:"url,omitempty"`                 // public; the API downloads it
	Base64            []byte               `json:"base64,omitempty"`              // the bytes of the file, as they are: encoding them is done for you
	AllowDuplicateURL bool                 `json:"allow_duplicate_url,omitempty"` // take a URL that another input has too
	Hosted            *HostedURL           `json:"hosted,omitempty"`              // where the API keeps it; set by the API
	ImageInfo         *ImageInfo           `json:"image_info,omitempty"`          // of the original size; set by the API
	HostedImageInfo   map[string]ImageInfo `json:"hosted_image_info,omitempty"`   // of the other sizes in Hosted.Sizes; set by the API
	DecodedBytes      []byte               `json:"decoded_bytes,omitempty"`       // used by the API itself
}

// ImageInfo describes an image.
type ImageInfo struct {
	Width     int32  `json:"width,omitempty"`  // pixels
	Height    int32  `json:"height,omitempty"` // pixels
	Format    string `json:"format,omitempty"` // such as JPEG
	ColorMode string `json:"color_mode,omitempty"`
	Mode      string `json:"mode,omitempty"` // of Image.DecodedBytes, such as RGB
}

// HostedURL says where the API keeps a file. The URL of one of its sizes is
// prefix, "/", size, "/", suffix.
type HostedURL struct {
	Prefix      string   `json:"prefix,omitempty"`
	Suffix      string   `json:"suffix,omitempty"`
	Sizes       []string `json:"sizes,omitempty"`
	Crossorigin string   `json:"crossorigin,omitempty"` // of the HTML element that shows it; use-credentials with secure data hosting
}

// Video is a video, given by its URL or by its bytes.
type Video struct {
	URL               string     `json:"url,omitempty"`    // public; the API downloads it
	Base64            []byte     `json:"base64,omitempty"` // the bytes of the file, as they are
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitempty"`
	ThumbnailURL      string     `json:"thumbnail_url,omitempty"`    // of the frame at 1 s; superseded by HostedThumbnail
	Hosted            *HostedURL `json:"hosted,omitempty"`           // set by the API
	HostedThumbnail   *HostedURL `json:"hosted_thumbnail,omitempty"` // set by the API
	VideoInfo         *VideoInfo `json:"video_info,omitempty"`       // set by the API
}

// VideoInfo describes a video.
type VideoInfo struct {
	Width           int32   `json:"width,omitempty"`  // pixels
	Height          int32   `json:"height,omitempty"` // pixels
	FPS             float64 `json:"fps,omitempty"`    // frames per second
	VideoFormat     string  `json:"video_format,omitempty"`
	BitRate         int32   `json:"bit_rate,omitempty"`
	FrameCount      int32   `json:"frame_count,omitempty"`
	DurationSeconds float64 `json:"duration_seconds,omitempty"`
}

// Audio is an audio clip, given by its URL or by its bytes.
type Audio struct {
	URL               string     `json:"url,omitempty"`    // public; the API downloads it
	Base64            []byte     `json:"base64,omitempty"` // the bytes of the file, as they are
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitempty"`
	Hosted            *HostedURL `json:"hosted,omitempty"`     // set by the API
	AudioInfo         *AudioInfo `json:"audio_info,omitempty"` // set by the API
}

// AudioInfo describes an audio clip.
type AudioInfo struct {
	AudioFormat     string  `json:"audio_format,omitempty"`
	SampleRate      int32   `json:"sample_rate,omitempty"` // hertz
	DurationSeconds float64 `json:"duration_seconds,omitempty"`
	BitRate         int32   `json:"bit_rate,omitempty"`
}

// Text is a text, given as it is or by its URL.
type Text struct {
	Raw               string     `json:"raw,omitempty"`
	URL               string     `json:"url,omitempty"` // public; the API downloads it
	AllowDuplicateURL bool       `json:"allow_duplicate_url,omitempty"`
	Hosted            *HostedURL `json:"hosted,omitempty"`    // set by the API
	TextInfo          *TextInfo  `json:"text_info,omitempty"` // set by the API
}

// TextInfo describes a text.
type TextInfo struct {
	CharCount int32  `json:"char_count,omitempty"`
	Encoding  string `json:"encoding,omitempty"`
}

// Frame is a moment of a video.
type Frame struct {
	FrameInfo *FrameInfo `json:"frame_info,omitempty"`
	Data      *Data      `json:"data,omitempty"` // what is in it
	ID        string     `json:"id,omitempty"`
}

// FrameInfo says which frame of a video it is.
type FrameInfo struct {
	Index  uint32 `json:"index,omitempty"`  // in the order of processing; superseded by Time
	Time   uint32 `json:"time,omitempty"`   // milliseconds from the start
	Number uint32 `json:"number,omitempty"` // in the original video
}

// Track follows an object through a video.
type Track struct {
	ID       string    `json:"id,omitempty"`
	Data     *Data     `json:"data,omitempty"`
	TimeInfo *TimeInfo `json:"time_info,omitempty"`
	Quality  float64   `json:"quality,omitempty"`
}

// TimeSegment is a stretch of a video or an audio clip.
type TimeSegment struct {
	ID       string    `json:"id,omitempty"`
	Data     *Data     `json:"data,omitempty"`
	TimeInfo *TimeInfo `json:"time_info,omitempty"`
}

// TimeInfo is a time from begin to end, whose unit the API does not document.
type TimeInfo struct {
	NumFrames uint32  `json:"num_frames,omitempty"`
	BeginTime float64 `json:"begin_time,omitempty"`
	EndTime   float64 `json:"end_time,omitempty"`
}

// Part is one of several parts of multi-modal data.
type Part struct {
	Data *Data  `json:"data,omitempty"`
	ID   string `json:"id,omitempty"`
}

// NDArray is a NumPy array.
type NDArray struct {
	Buffer []byte   `json:"buffer,omitempty"` // as array.tobytes() gives it
	Shape  []uint32 `json:"shape,omitempty"`
	Dtype  string   `json:"dtype,omitempty"` // such as float32
}
