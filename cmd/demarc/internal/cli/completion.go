package cli

import (
	"slices"

	"github.com/spf13/cobra"
)

func newCompletionCmd(f *Factory) *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a script that completes demarc's commands in your shell",
		Long: doc(`
			Print a script that makes your shell complete demarc's commands, flags, their
			values, and the names of entities and documents in the graph.`),
		Example: doc(`
			$ source <(demarc completion bash)                                  # bash, now
			$ demarc completion zsh > "${fpath[1]}/_demarc"                     # zsh, for good
			$ demarc completion fish > ~/.config/fish/completions/demarc.fish   # fish, for good`),
		ValidArgs:             shells,
		DisableFlagsInUseLine: true,
		Args: func(_ *cobra.Command, words []string) error {
			if len(words) != 1 || !slices.Contains(shells, words[0]) {
				return usagef("which shell? Want one of %s", list(shells))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, words []string) error {
			root := cmd.Root()
			switch words[0] {
			case "bash":
				return root.GenBashCompletionV2(f.Out, true)
			case "zsh":
				return root.GenZshCompletion(f.Out)
			case "fish":
				return root.GenFishCompletion(f.Out, true)
			default:
				return root.GenPowerShellCompletionWithDesc(f.Out)
			}
		},
	}
}
